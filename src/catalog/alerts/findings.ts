/** What comparing the catalog with the bucket can find. */

export const FINDING_KINDS = [
  'missing', // the catalog has the file as stored, the bucket has no object
  'wrong_size',
  'wrong_bytes', // the right size, other bytes
  'unreadable', // there, and the store does not give it: archived, or under a key that we may not use
  'no_key', // stored, but the catalog does not say where
  'unknown', // an object that the catalog knows nothing of
  'unpurged', // an object of a file that was removed for good
  'overdue_trash', // should have been removed for good more than a day ago
  'unfinished_upload', // parts of a multipart upload that nobody goes on with
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** One thing that is not as it should be. */
export interface Finding {
  kind: FindingKind;
  key: string | null;
  teamId: string | null;
  fileId: string | null;
  /** What the bucket holds, if it holds something. */
  bytes: number | null;
  /** More that is known, in a few words; may be empty. */
  detail: string;
  uploadId?: string;
  /** For an older version of a file, its number. */
  version?: number;
}

export type FindingCounts = Record<FindingKind, number>;

export function noFindings(): FindingCounts {
  return Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as FindingCounts;
}

/** How many things are wrong in all. */
export function totalOf(counts: FindingCounts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** The result of a whole comparison. Times are ms, sizes bytes. */
export interface VerifySummary {
  startedAt: number;
  finishedAt: number;
  /** Objects listed, except the vault's own, and their size. */
  objects: number;
  bytes: number;
  /** Rows of the catalog compared with them. */
  files: number;
  counts: FindingCounts;
}

/** A comparison under way, between its slices. */
export interface VerifyRun extends Omit<VerifySummary, 'finishedAt'> {
  after: string;
  asked: number;
}

/** What the row of the bot's own comparison remembers. */
export interface VerifyMemo {
  run?: VerifyRun;
  last?: VerifySummary;
}
