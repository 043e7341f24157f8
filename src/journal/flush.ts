import { randomUUID } from 'node:crypto';
import { backOff } from '../capture/back-off.ts';
import type { Catalog } from '../catalog/db/open.ts';
import {
  beginHistory,
  deferJournal,
  isWorthSegment,
  type JournalLease,
  journalOf,
  readJournalBatch,
  segmentWritten,
  tellEverything,
} from '../catalog/journal/journal.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { encodeSegment } from './segment.ts';
import type { SegmentStore } from './store.ts';

export interface FlushOptions {
  catalog: Catalog;
  store: SegmentStore;
  owner: string;
  /** At most this many things are written in one segment. */
  batch: number;
  /** After this many segments, everything is written once more and the older segments are removed. */
  compactAfter: number;
  /** Set when this process has seen that the history in the bucket ends where this catalog's does. */
  trusted: { history: string | null };
  log: Log;
  now(): number;
}

/** A rebuild reads this many segments in a few minutes. */
export const COMPACT_AFTER = 1_000;
/** About 3 MB of lines, some 500 KB compressed. */
export const BATCH = 5_000;

/**
 * Writes one segment: what has changed since the last one, in its present state. First the bucket gets it, then the
 * changes are forgotten here. A crash in between writes them again, under the next number. A failure is retried later.
 */
export async function flush(options: FlushOptions, lease: JournalLease, signal?: AbortSignal): Promise<void> {
  const { catalog, store, owner, log, now } = options;
  const { history, number } = lease;
  try {
    if (options.trusted.history !== history && (await goesFurther(store, lease)))
      return await split(options, lease);
    options.trusted.history = history;
    const batch = await readJournalBatch(catalog, lease, options.batch);
    if (isWorthSegment(lease, batch)) {
      const header = { history, number, first: batch.first, previous: lease.lastWritten, at: now() };
      const bytes = await encodeSegment(header, batch.records);
      await store.put(history, number, bytes, signal);
    }
    if (!(await segmentWritten(catalog, lease, batch, owner))) return;
    if (lease.walk !== null && batch.walk === null) await removeBefore(store, history, batch.first);
    await compactIfLong(options);
  } catch (error) {
    if (errorCode(error) === 'object_conflict') return await split(options, lease);
    log.warn(
      { code: errorCode(error), segment: number, err: error },
      'cannot write the journal; it will be tried again',
    );
    await deferJournal(catalog, owner, now() + backOff(lease.attempts));
  }
}

/** After a long walk the count starts below zero. So writing everything never costs more than writing changes. */
async function compactIfLong({ catalog, compactAfter }: FlushOptions): Promise<void> {
  const { segments, walk } = await journalOf(catalog);
  if (walk === null && segments >= compactAfter) await tellEverything(catalog);
}

/** True when the bucket has this segment or later ones. Then this catalog is a copy, and the original went on. */
async function goesFurther(store: SegmentStore, { history, number }: JournalLease): Promise<boolean> {
  for await (const _ of store.list(history, number - 1)) return true;
  return false;
}

async function split(options: FlushOptions, lease: JournalLease): Promise<void> {
  const history = randomUUID();
  if (!(await beginHistory(options.catalog, options.owner, history))) return;
  options.log.warn(
    { history: lease.history, segment: lease.number, newHistory: history },
    'somebody else writes this journal (an older copy of the catalog, or a second bot?); beginning another one',
  );
}

/** Removes the oldest first, so that after a kill the newer part is always left. */
async function removeBefore(store: SegmentStore, history: string, first: number): Promise<void> {
  for await (const { number } of store.list(history)) {
    if (number >= first) return;
    await store.remove(history, number);
  }
}
