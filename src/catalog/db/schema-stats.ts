/** The parts, by name. */
export const AUDIENCE_TOTALS_PARTS = ['month', 'type', 'trash', 'not_kept', 'waiting'] as const;

/**
 * `stats` are read from this: for each channel set, the sums of its stored files, by month and by type, of its trash,
 * and of files that are listed without being stored.
 */
export interface AudienceTotalsTable {
  teamId: string;
  audienceId: number;
  /**
   * `month` (of the first share, UTC, as `2026-11`), `type` (Slack's filetype, empty when unknown), `trash` (files in
   * the trash; the name is empty), `not_kept` (skipped ones; the name is the reason, and bytes are 0), or `waiting`
   * (pending, being stored, failed; without name and bytes). A file in one of the last three is in no other sum.
   */
  part: (typeof AUDIENCE_TOTALS_PARTS)[number];
  name: string;
  files: number;
  bytes: number;
}
