/** What `stats` are read from: the sums of an audience's stored files, parted by month and by type, and of its trash. */
export interface BreakdownTable {
  teamId: string;
  audienceId: number;
  /**
   * `month` (of the first share, UTC, as `2026-11`), `type` (Slack's filetype, empty when unknown), or `trash` (files in
   * the trash, which are in no other sum; the name is empty).
   */
  part: 'month' | 'type' | 'trash';
  name: string;
  files: number;
  bytes: number;
}
