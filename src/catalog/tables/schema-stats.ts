/** What `stats` are read from: the sums of an audience's stored files, parted by month and by type. */
export interface BreakdownTable {
  teamId: string;
  audienceId: number;
  /** `month` (of the first share, UTC, as `2026-11`) or `type` (Slack's filetype, empty when unknown). */
  part: 'month' | 'type';
  name: string;
  files: number;
  bytes: number;
}
