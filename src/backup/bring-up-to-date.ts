import { inTransaction } from '../catalog/db/transaction.ts';
import { dropDerived, forgetPosts } from '../catalog/journal/content.ts';
import { journalOf, tellEverything } from '../catalog/journal/journal.ts';
import { derive, endRebuild, nameOfRecord, STANDING } from '../catalog/journal/replay.ts';
import { untoldNames } from '../catalog/journal/tell.ts';
import { journalHistories, type SegmentStore, segmentStore } from '../journal/store.ts';
import {
  findHistories,
  firstThatCounts,
  type History,
  inspectHistory,
  replayHistory,
} from '../rebuild/histories.ts';
import { holdAgainstBucket, type RebuildOptions, rebuild } from '../rebuild/rebuild.ts';

/** What was brought back beside what the backup holds. */
export interface BroughtUp {
  /**
   * `forward`: the journal was played on from the backup's last segment. `whole`: it has been told anew since, so it alone
   * was taken. `nothing`: the bucket knows nothing that is newer.
   */
  way: 'forward' | 'whole' | 'nothing';
  segments: number;
  records: number;
  /** Segments of the journal that could not be read, or are not there. */
  damaged: string[];
  /** Files that only their objects told of, and files whose object is gone. */
  adopted: number;
  lost: Array<{ fileId: string; capturedAgain: boolean }>;
  /** Objects that belong to no file of this catalog. */
  strangers: number;
}

/**
 * Brings a catalog that was put back from a backup up to the present: what happened since the backup is in the journal in
 * the bucket. No bot may use it until this has ended; if it is cut short, the catalog says so, and it is begun again.
 *
 * Each segment tells how things stand as a whole, so the ones after the backup's last are enough. The segment that was under
 * way when the backup was made may tell of a thing as it was a moment before: for what the backup knows to have changed
 * and not been told, the backup counts. When the journal has been told anew since, what was removed in between is told
 * nowhere; but then the journal is whole, newer than the backup in everything, and taken alone.
 */
export async function bringUpToDate(o: RebuildOptions & { teamId: string }): Promise<BroughtUp> {
  const { catalog, bucket, teamId } = o;
  await catalog.db.updateTable('journal').set({ rebuilding: STANDING.byHand }).execute();
  const own = await journalOf(catalog);
  const store = segmentStore(bucket, teamId);
  const histories = await findHistories(store, await journalHistories(bucket, teamId));
  const last = histories.at(-1);
  if (last === undefined) return playOn(o, store, null);
  const first = await firstThatCounts(store, last.history, last.numbers);
  const goesOn = last.history === own.history && first <= own.number + 1;
  if (!goesOn && (await isUnbroken(store, last, first))) return takeWhole(o);
  return playOn(o, store, last);
}

/** The journal alone, as a rebuild does it. What no journal tells of (posts, sweeps) stays as the backup has it. */
async function takeWhole(o: RebuildOptions): Promise<BroughtUp> {
  await inTransaction(o.catalog, forgetPosts);
  const { segments, records, damaged, missing, adopted, lost, strangers } = await rebuild(o);
  return { way: 'whole', segments, records, damaged: [...damaged, ...missing], adopted, lost, strangers };
}

async function playOn(
  o: RebuildOptions & { teamId: string },
  store: SegmentStore,
  last: History | null,
): Promise<BroughtUp> {
  const { catalog, signal, now, onProgress } = o;
  const own = await journalOf(catalog);
  const isOwn = last?.history === own.history;
  const news = {
    ...(last ?? { history: own.history, writtenAt: 0 }),
    ...(isOwn ? { after: own.number - 1 } : { after: 0 }),
    numbers: (last?.numbers ?? []).filter((number) => !isOwn || number >= own.number),
  };
  const untold = await untoldNames(catalog);
  const read = await replayHistory(
    {
      ...{ catalog, store, signal, now: now(), onProgress: () => {} },
      takes: (number, record) => !isOwn || number > own.number || !untold.has(nameOfRecord(record)),
    },
    news,
    true,
  );
  onProgress(`played ${read.segments} segments of the journal on`);
  await inTransaction(catalog, async (scope) => {
    await forgetPosts(scope);
    await dropDerived(scope);
  });
  await derive(catalog, () => {});
  const found = await holdAgainstBucket(o, o.teamId);
  const { segments } = read;
  const first = segments === 0 ? own.first : read.first;
  const number = Math.max(own.number, read.number);
  const goesOn = { history: last?.history ?? own.history, number, first, segments: own.segments + segments };
  await endRebuild(catalog, last === null ? null : goesOn);
  // What the backup knows and the bucket does not is told, too.
  await tellEverything(catalog, { again: true });
  const { damaged, missing, records } = read;
  const broken = [...damaged, ...missing].map((one) => `${news.history}/${one}`);
  const way = segments === 0 ? 'nothing' : 'forward';
  const { adopted, lost, strangers } = found;
  return { way, segments, records, damaged: broken, adopted, lost, strangers };
}

/** Whether the journal has every segment that counts, whole. */
async function isUnbroken(store: SegmentStore, history: History, first: number): Promise<boolean> {
  const { damaged, missing } = await inspectHistory(store, history, first);
  return damaged.length + missing.length === 0;
}
