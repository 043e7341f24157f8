/** The parts, by name. */
export const AUDIENCE_TOTALS_PARTS = ['month', 'type', 'trash', 'not_kept', 'waiting'] as const;

/**
 * What `stats` are read from: the sums of a channel set's stored files, parted by month and by type, of its trash, and of
 * what is listed without being stored.
 */
export interface AudienceTotalsTable {
  teamId: string;
  audienceId: number;
  /**
   * `month` (of the first share, UTC, as `2026-11`), `type` (Slack's filetype, empty when unknown), `trash` (files in
   * the trash; the name is empty), `not_kept` (skipped ones; the name is the reason, and bytes are 0), or `waiting`
   * (pending, being stored, failed; without name and bytes). What is in one of the last three is in no other sum.
   */
  part: (typeof AUDIENCE_TOTALS_PARTS)[number];
  name: string;
  files: number;
  bytes: number;
}
