/** What a restore drill can find, and what is remembered of it. */
import type { JournalKind, Scope } from '../db/schema.ts';
import { memoOf } from './periodic-jobs.ts';

export const DAMAGE_KINDS = [
  'row_differs', // the bucket brings a row back, but not as the catalog has it
  'row_not_told', // the catalog has a row that the bucket does not bring back
  'row_not_kept', // the bucket brings back a row that the catalog does not have
  'segment_missing', // a segment of the journal was written and is not there
  'segment_damaged', // it cannot be read
  'segment_misplaced', // it is whole, but another one than its name says
  'journal_missing', // there is no segment of this catalog's journal at all
  'journal_foreign', // somebody else wrote a journal of this workspace later
  'object_missing',
  'object_size', // cut off, or longer
  'object_bytes', // the right length, other bytes
  'object_unreadable',
  'object_unmarked', // it does not say any more which file it is
  'object_mismatched', // it says that it is another file's, or another workspace's
  'object_moved', // not under its key, but under another one
  'object_unknown', // no row of the catalog has it
] as const;

export type DamageKind = (typeof DAMAGE_KINDS)[number];

/** One thing that a loss of the catalog, now, would not bring back as it is. */
export interface Damage {
  kind: DamageKind;
  /** `file F123`, `hold 4f…`, `segment …/12`, or a key in the bucket. */
  what: string;
  /** More that is known, in a few words; may be empty. */
  detail: string;
}

/** The result of a restore drill. Times are ms, sizes bytes. */
export interface DrillSummary {
  startedAt: number;
  finishedAt: number;
  /** What came back from the bucket alone: files in all states, and rows of all kinds. */
  files: number;
  rows: number;
  segments: number;
  /** Objects listed, and their size. */
  objects: number;
  bytes: number;
  /** Objects read whole, and their size. */
  read: number;
  readBytes: number;
  /** Objects that were to be read and are archived. */
  archived: number;
  /** Rows that were not compared, because the journal does not tell of their last change yet. */
  waiting: number;
  /** Rows that kept changing while they were compared. */
  unsettled: number;
  counts: Partial<Record<DamageKind, number>>;
  /** The first ones of each kind. */
  examples: Damage[];
}

/** How far the reading of all objects has come: rounds of all keys in their order. */
export interface ReadingPlace {
  /** The last key that was read; empty at the beginning of a round. */
  after: string;
  /** When this round was begun, and when the last whole round ended (ms); null before the first. */
  begunAt: number | null;
  roundAt: number | null;
}

/** What the row of the drill remembers. */
export interface DrillMemo {
  /** Since when this catalog has wanted drills (ms); missing while VAULT_DRILL_DAYS is 0. */
  wantedSince?: number;
  last?: DrillSummary;
  /** When the last drill ended that found nothing (ms). */
  cleanAt?: number;
  /** The last drill that could not be done, since the last one that could. */
  failed?: { at: number; code: string; why: string };
  reading?: ReadingPlace;
  /** Objects read whole by all drills so far. */
  readInAll?: number;
}

/** How many things differ. */
export function differences({ counts }: Pick<DrillSummary, 'counts'>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** What is remembered of the restore drills of this catalog. */
export async function lastDrill(scope: Scope): Promise<DrillMemo> {
  return (await memoOf(scope, 'drill')) as DrillMemo;
}

/** The memo after a drill. */
export function withDrill(memo: DrillMemo, last: DrillSummary, reading: ReadingPlace): DrillMemo {
  return {
    ...(memo.wantedSince === undefined ? {} : { wantedSince: memo.wantedSince }),
    last,
    reading,
    ...(differences(last) === 0
      ? { cleanAt: last.finishedAt }
      : memo.cleanAt === undefined
        ? {}
        : { cleanAt: memo.cleanAt }),
    readInAll: (memo.readInAll ?? 0) + last.read,
  };
}

/** `file F1`, `audit entry 17`: a row as the journal knows it. */
export function rowInWords(kind: JournalKind, key: string): string {
  const words: Record<JournalKind, string> = {
    ...{ file: 'file', channel: 'channel', gone: 'deletion in Slack of', audit: 'audit entry' },
    ...{ hold: 'hold', rule: 'rules of channel' },
  };
  return `${words[kind]} ${key}`;
}
