import type { Damage } from '../catalog/alerts/drills.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { journalOf } from '../catalog/journal/journal.ts';
import { beginRebuild, dropDoubledAudit } from '../catalog/journal/replay.ts';
import { errorCode } from '../errors.ts';
import { journalHistories, type SegmentStore } from '../journal/store.ts';
import {
  findHistories,
  findHistory,
  type History,
  type Replayed,
  replayHistory,
} from '../rebuild/histories.ts';
import type { Bucket } from '../storage/bucket.ts';

/** The journal was told anew while it was read, and what was read of it does not count any more. */
export class ToldAnew extends Error {
  readonly code = 'journal_told_anew';
}

export interface BringBackOptions {
  live: Catalog;
  back: Catalog;
  bucket: Bucket;
  store: SegmentStore;
  teamId: string;
  onDamage(damage: Damage): void;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
  now(): number;
}

/** How far the journal has been brought back. */
export interface BroughtBack {
  history: string;
  /** The last segment that was read, and the first that counts. */
  number: number;
  first: number;
  segments: number;
}

/**
 * Brings everything back that the journal in the bucket tells, into an empty catalog, as a rebuild does; and names what is
 * wrong with the journal itself. Throws {@link ToldAnew}: then it must begin again with another empty catalog.
 */
export async function bringBack(o: BringBackOptions): Promise<BroughtBack> {
  await beginRebuild(o.back, undefined, o.teamId);
  const own = await journalOf(o.live);
  const histories = await findHistories(o.store, await journalHistories(o.bucket, o.teamId));
  const ours = histories.find(({ history }) => history === own.history);
  const others = histories.filter((one) => one !== ours);
  nameForeign(o, ours, others);
  if (ours === undefined && (own.lastWritten ?? 0) > 0)
    o.onDamage({
      kind: 'journal_missing',
      what: `journal ${own.history}`,
      detail: 'the bucket has no segment of it',
    });
  let segments = 0;
  for (const other of others) segments += (await replayOne(o, other, false)).segments;
  const none: History = { history: own.history, numbers: [], after: 0, writtenAt: 0 };
  const read = await replayOne(o, ours ?? none, true);
  if (others.length > 0) await dropDoubledAudit(o.back);
  const { number, first } = read;
  if (ours !== undefined && !ours.numbers.includes(own.lastWritten ?? number)) {
    // It was written before it was listed, and nothing comes after it that could say so.
    const last = own.lastWritten as number;
    if (last >= first && last > number) nameSegment(o, own.history, 'segment_missing', last);
  }
  return { history: own.history, number, first, segments: segments + read.segments };
}

/** Takes in what the journal tells since. Returns how far it is now. Throws {@link ToldAnew}. */
export async function catchUp(o: BringBackOptions, read: BroughtBack): Promise<BroughtBack> {
  const news = await findHistory(o.store, read.history, read.number);
  if (news.numbers.length === 0) return read;
  const { number, first, segments } = await replayOne(o, news, true);
  if (first > read.first) throw new ToldAnew();
  return { ...read, number, segments: read.segments + segments };
}

function nameForeign(o: BringBackOptions, ours: History | undefined, others: History[]): void {
  const later = others.filter(({ writtenAt }) => ours !== undefined && writtenAt > ours.writtenAt);
  for (const { history } of later)
    o.onDamage({
      kind: 'journal_foreign',
      what: `journal ${history}`,
      detail: 'it was written after this catalog’s own, so after a loss its words would count',
    });
}

async function replayOne(o: BringBackOptions, history: History, goesOn: boolean): Promise<Replayed> {
  const { back: catalog, store, signal, now } = o;
  let told = 0;
  const onProgress = (read: number, of: number) => {
    if (read < told + 50) return;
    told = read;
    o.onProgress(`read ${read} of ${of} segments of the journal`);
  };
  try {
    const read = await replayHistory({ catalog, store, signal, now: now(), onProgress }, history, goesOn);
    for (const number of read.damaged) {
      const instead = read.misplaced.get(number);
      const kind = instead === undefined ? 'segment_damaged' : 'segment_misplaced';
      nameSegment(o, history.history, kind, number, instead ?? 'its bytes do not fit its checksum');
    }
    for (const number of read.missing) nameSegment(o, history.history, 'segment_missing', number);
    return read;
  } catch (error) {
    // Listed a moment ago: it goes when all is told anew.
    if (errorCode(error) === 'object_missing') throw new ToldAnew();
    throw error;
  }
}

function nameSegment(
  o: BringBackOptions,
  history: string,
  kind: 'segment_missing' | 'segment_damaged' | 'segment_misplaced',
  number: number,
  detail = 'it was written and is not there',
): void {
  o.onDamage({ kind, what: `segment ${history}/${number}`, detail });
}
