import type { Catalog } from '../catalog/db/schema.ts';
import { guestNumber, replay } from '../catalog/journal/replay.ts';
import { errorCode } from '../errors.ts';
import { decodeSegment } from '../journal/segment.ts';
import type { SegmentStore } from '../journal/store.ts';

/** The part of a history that is in the bucket. */
export interface History {
  history: string;
  /** The numbers of its segments, in order. */
  numbers: number[];
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
  records: number;
}

/** The histories that have segments. The one that was written last is at the end: that one goes on. */
export async function findHistories(store: SegmentStore, names: string[]): Promise<History[]> {
  const histories: History[] = [];
  for (const history of names) {
    const found: History = { history, numbers: [], writtenAt: 0 };
    for await (const { number, writtenAt } of store.list(history)) {
      found.numbers.push(number);
      found.writtenAt = Math.max(found.writtenAt, writtenAt);
    }
    if (found.numbers.length > 0) histories.push(found);
  }
  return histories.sort((a, b) => a.writtenAt - b.writtenAt);
}

/**
 * Replays a history into the catalog, segment by segment. Damaged segments are skipped and reported. Later segments may
 * have their records again, and objects describe their own files.
 */
export async function replayHistory(
  o: {
    catalog: Catalog;
    store: SegmentStore;
    signal?: AbortSignal | undefined;
    now: number;
    onProgress(read: number, of: number): void;
  },
  { history, numbers }: History,
  goesOn: boolean,
): Promise<Replayed> {
  const first = await firstThatCounts(o.store, history, numbers);
  const counting = numbers.filter((number) => number >= first);
  const result: Replayed = {
    number: numbers.at(-1) ?? 0,
    first,
    segments: counting.length,
    damaged: [],
    records: 0,
  };
  const guest = goesOn ? null : guestNumber(history);
  for (const [index, number] of counting.entries()) {
    o.signal?.throwIfAborted();
    const segment = await readSegment(o.store, history, number);
    if (segment === null) result.damaged.push(number);
    else {
      await replay(o.catalog, segment.records, { now: o.now, guest });
      result.records += segment.records.length;
    }
    o.onProgress(index + 1, counting.length);
  }
  return result;
}

/** The last readable segment names the first one that counts. */
async function firstThatCounts(store: SegmentStore, history: string, numbers: number[]): Promise<number> {
  for (const number of numbers.toReversed()) {
    const segment = await readSegment(store, history, number);
    if (segment !== null) return segment.header.first;
  }
  return 0;
}

async function readSegment(store: SegmentStore, history: string, number: number) {
  try {
    return await decodeSegment(await store.get(history, number));
  } catch (error) {
    if (errorCode(error) === 'segment_damaged') return null;
    throw error;
  }
}
