import type { Catalog } from '../catalog/db/schema.ts';
import type { JournalRecord } from '../catalog/journal/journal.ts';
import { guestNumber, replay } from '../catalog/journal/replay.ts';
import { errorCode } from '../errors.ts';
import { decodeSegment, newerSegment, type SegmentHeader } from '../journal/segment.ts';
import type { SegmentStore } from '../journal/store.ts';

/** The part of a history that is in the bucket. */
export interface History {
  history: string;
  /** The numbers of its segments, in order. */
  numbers: number[];
  /** Only segments above this number were asked for. */
  after: number;
  /** When its last segment was written, in ms. */
  writtenAt: number;
}

/** How a history was read. */
export interface Replayed {
  /** The last segment number in the bucket. `first`: the first number that counts. */
  number: number;
  first: number;
  segments: number;
  /** Numbers of segments that could not be read. */
  damaged: number[];
  /** Those of them that are whole, but not the segment that their name says: which one they are, in words. */
  misplaced: Map<number, string>;
  /** Numbers of segments that count and are not there, as the segment after them says. */
  missing: number[];
  records: number;
}

/** The histories that have segments. The one that was written last is at the end: that one goes on. */
export async function findHistories(store: SegmentStore, names: string[]): Promise<History[]> {
  const histories: History[] = [];
  for (const history of names) {
    const found = await findHistory(store, history);
    if (found.numbers.length > 0) histories.push(found);
  }
  return histories.sort((a, b) => a.writtenAt - b.writtenAt);
}

/** What the bucket has of one history, above the number `after`. */
export async function findHistory(store: SegmentStore, history: string, after = 0): Promise<History> {
  const found: History = { history, numbers: [], after, writtenAt: 0 };
  for await (const { number, writtenAt } of store.list(history, after)) {
    found.numbers.push(number);
    found.writtenAt = Math.max(found.writtenAt, writtenAt);
  }
  return found;
}

/** Where segments are replayed to, and whence. */
export interface ReplayOptions {
  catalog: Catalog;
  store: SegmentStore;
  signal?: AbortSignal | undefined;
  now: number;
  /** Which records of a segment are taken in; without it, all. */
  takes?: ((number: number, record: JournalRecord) => boolean) | undefined;
  onProgress(read: number, of: number): void;
}

/**
 * Replays a history into the catalog, segment by segment. Damaged segments are skipped and reported. Later segments may
 * have their records again, and objects describe their own files. Throws `StorageError`; `object_missing` when a segment
 * was removed since it was listed.
 */
export async function replayHistory(
  o: ReplayOptions,
  { history, numbers, after }: History,
  goesOn: boolean,
): Promise<Replayed> {
  const first = await firstThatCounts(o.store, history, numbers);
  const counting = numbers.filter((number) => number >= first);
  const result: Replayed = {
    number: numbers.at(-1) ?? 0,
    first,
    segments: counting.length,
    ...{ damaged: [], misplaced: new Map(), missing: [], records: 0 },
  };
  const guest = goesOn ? null : guestNumber(history);
  const there = new Set(counting);
  for (const [index, number] of counting.entries()) {
    o.signal?.throwIfAborted();
    const segment = await readSegment(o.store, history, number);
    if (segment === null || typeof segment === 'string') {
      result.damaged.push(number);
      if (segment !== null) result.misplaced.set(number, segment);
    } else {
      const { previous } = segment.header;
      if (typeof previous === 'number' && previous >= first && previous > after && !there.has(previous))
        result.missing.push(previous);
      const { takes } = o;
      const records = takes ? segment.records.filter((record) => takes(number, record)) : segment.records;
      await replay(o.catalog, records, { now: o.now, guest }).catch((error: unknown) => {
        throw isUnknownColumn(error) ? newerSegment(error) : error;
      });
      result.records += records.length;
    }
    o.onProgress(index + 1, counting.length);
  }
  return result;
}

/** A newer version told of something for which this version's tables have no place. SQLite has no code of its own for that. */
function isUnknownColumn(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === '42703' || (code === 'ERR_SQLITE_ERROR' && /has no column named/.test(String(message)));
}

/** What is wrong with the segments of a history that count: read, and taken in nowhere. */
export async function inspectHistory(
  store: SegmentStore,
  { history, numbers }: History,
  first: number,
): Promise<Pick<Replayed, 'damaged' | 'missing'>> {
  const counting = numbers.filter((number) => number >= first);
  const there = new Set(counting);
  const result = { damaged: [] as number[], missing: [] as number[] };
  for (const number of counting) {
    const segment = await readSegment(store, history, number);
    if (segment === null || typeof segment === 'string') result.damaged.push(number);
    else if ((segment.header.previous ?? 0) >= first && !there.has(segment.header.previous as number))
      result.missing.push(segment.header.previous as number);
  }
  return result;
}

/** The last readable segment names the first one that counts. */
export async function firstThatCounts(
  store: SegmentStore,
  history: string,
  numbers: number[],
): Promise<number> {
  for (const number of numbers.toReversed()) {
    const segment = await readSegment(store, history, number);
    if (segment !== null && typeof segment !== 'string') return segment.header.first;
  }
  return 0;
}

/** A segment; null when it is damaged; which one it is instead, when it is not the one that its name says. */
async function readSegment(
  store: SegmentStore,
  history: string,
  number: number,
): Promise<{ header: SegmentHeader; records: JournalRecord[] } | string | null> {
  try {
    const segment = await decodeSegment(await store.get(history, number));
    const { header } = segment;
    if (header.history === history && header.number === number) return segment;
    return `it is number ${header.number} of the history ${header.history}`;
  } catch (error) {
    if (errorCode(error) === 'segment_damaged') return null;
    throw error;
  }
}
