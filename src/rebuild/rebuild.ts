import { repair } from '../capture/repair.ts';
import { verifySlice } from '../capture/verify.ts';
import type { Finding } from '../catalog/alerts/findings.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { tellEverything } from '../catalog/journal/journal.ts';
import {
  beginRebuild,
  derive,
  dropDoubledAudit,
  endRebuild,
  purgedMeanwhile,
  STANDING,
} from '../catalog/journal/replay.ts';
import { type CatalogCounts, catalogCounts } from '../catalog/journal/replay-counts.ts';
import { type Rebuilt, remember } from '../catalog/memory.ts';
import { ConfigError } from '../errors.ts';
import { journalHistories, journalTeams, segmentStore } from '../journal/store.ts';
import type { Bucket } from '../storage/bucket.ts';
import { keyPrefix } from '../storage/inventory.ts';
import { findHistories, replayHistory } from './histories.ts';

export interface RebuildOptions {
  catalog: Catalog;
  bucket: Bucket;
  /** The workspace; needed only when the bucket holds several. */
  teamId?: string | undefined;
  /** True when a bot does it at its start, not a person. */
  byItself?: boolean;
  /** Ends it between two steps; the reason is thrown. It is begun anew later. */
  signal?: AbortSignal | undefined;
  /** Called from time to time with the progress, in words. */
  onProgress(line: string): void;
  now(): number;
}

/** The result of a rebuild. */
export interface RebuildSummary extends CatalogCounts {
  teamId: string | null;
  segments: number;
  records: number;
  /** Segments of the journal that could not be read. */
  damaged: string[];
  /** Segments that are not there although later ones say that they were written. */
  missing: string[];
  /** Objects in the bucket that were compared with the catalog. */
  objects: number;
  /** Files that were known only from their objects. */
  adopted: number;
  /** Stored files whose object is missing or has other bytes. They are captured again if Slack still has them. */
  lost: Lost[];
  /** Objects that belong to no file of this catalog. */
  strangers: number;
  /** Objects that the bucket has and does not give: archived, or under a key that may not be used. */
  unreadable: Unreadable[];
}

export interface Unreadable {
  key: string | null;
  why: string;
}

export interface Lost {
  fileId: string;
  key: string | null;
  /** False when Slack also does not have it any more. */
  capturedAgain: boolean;
  /** Only a part of it is in the bucket: how much, in words. */
  cutOff?: string;
}

/**
 * Fills an empty catalog from the bucket alone: first from the journal, segment by segment, then from the metadata of
 * the objects. Memory use does not grow with the number of files. If it is interrupted, it starts again from the
 * beginning. Throws `ConfigError` when the bucket holds several workspaces and none is named, `CatalogError`
 * (`catalog_in_use`) and `StorageError`.
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildSummary> {
  const { catalog, bucket, onProgress, byItself = false, now } = options;
  const teamId = options.teamId ?? (await onlyTeam(bucket));
  await beginRebuild(catalog, byItself ? STANDING.byItself : STANDING.byHand, teamId);
  const journal = teamId === null ? null : await replayAll(options, teamId);
  await derive(
    catalog,
    every(5_000, (files) => onProgress(`worked out the lists of ${files} files`)),
  );
  const found = await holdAgainstBucket(options, teamId);
  options.signal?.throwIfAborted();
  await endRebuild(catalog, journal?.goesOn ?? null);
  // Records of damaged segments that came back from elsewhere are written to the journal again.
  const [damaged, missing] = [journal?.damaged ?? [], journal?.missing ?? []];
  if (damaged.length + missing.length > 0) await tellEverything(catalog);
  const counts = await catalogCounts(catalog);
  await remember(catalog, 'rebuilt', {
    ...{ at: now(), byItself, files: counts.files.stored ?? 0, bytes: counts.bytes },
    ...{ lost: found.lost.length, damaged: damaged.length + missing.length },
  } satisfies Rebuilt);
  return {
    segments: journal?.segments ?? 0,
    records: journal?.records ?? 0,
    damaged,
    missing,
    ...counts,
    ...found,
  };
}

/** The one workspace of this bucket's journal, or null when there is no journal. */
async function onlyTeam(bucket: Bucket): Promise<string | null> {
  const teams = await journalTeams(bucket);
  if (teams.length <= 1) return teams[0] ?? null;
  throw new ConfigError(
    '--team',
    `The bucket holds several workspaces (${teams.join(', ')}): name the one to rebuild, for example --team ${teams[0]}.`,
  );
}

async function replayAll({ catalog, bucket, onProgress, signal, now }: RebuildOptions, teamId: string) {
  const store = segmentStore(bucket, teamId);
  const histories = await findHistories(store, await journalHistories(bucket, teamId));
  const sum = { segments: 0, records: 0, damaged: [] as string[], missing: [] as string[] };
  let goesOn: { history: string; number: number; first: number; segments: number } | null = null;
  for (const [index, history] of histories.entries()) {
    const tell = every(50, (read, of) => onProgress(`read ${read} of ${of} segments of the journal`));
    const isLast = index === histories.length - 1;
    const read = await replayHistory(
      { catalog, store, signal, now: now(), onProgress: tell },
      history,
      isLast,
    );
    const { number, first, segments, records, damaged, missing } = read;
    if (isLast) goesOn = { history: history.history, number, first, segments };
    sum.segments += segments;
    sum.records += records;
    sum.damaged.push(...damaged.map((broken) => `${history.history}/${broken}`));
    sum.missing.push(...missing.map((gone) => `${history.history}/${gone}`));
  }
  if (histories.length > 1) await dropDoubledAudit(catalog);
  return { ...sum, goesOn };
}

/**
 * Holds a catalog that no bot uses against the bucket: takes in objects that it does not know, and has captured again
 * what the bucket lost. Throws `StorageError` and `CatalogError`.
 */
export async function holdAgainstBucket(options: RebuildOptions, known: string | null) {
  const { catalog, bucket, onProgress, now } = options;
  const found = {
    teamId: known,
    objects: 0,
    adopted: 0,
    lost: [] as Lost[],
    strangers: 0,
    unreadable: [] as Unreadable[],
  };
  const onFinding = async (finding: Finding) => {
    if (finding.kind === 'unknown') {
      // Without a journal, the first object that describes itself decides which workspace this is.
      found.teamId ??= finding.teamId;
      const mended = await repair({ catalog, bucket, teamId: found.teamId ?? undefined, now }, finding);
      if (mended.outcome === 'adopted') found.adopted += 1;
      else if (mended.cutOff !== undefined && finding.fileId !== null)
        found.lost.push({
          ...{ fileId: finding.fileId, key: finding.key, cutOff: mended.cutOff },
          capturedAgain: mended.outcome === 'captured_again',
        });
      else if (mended.unread !== undefined) found.unreadable.push({ key: finding.key, why: mended.unread });
      else found.strangers += 1;
    } else if (finding.kind === 'unreadable')
      found.unreadable.push({ key: finding.key, why: finding.detail });
    else if (finding.kind === 'unpurged') found.strangers += 1;
    else if (finding.teamId !== null && finding.fileId !== null) {
      const ref = { teamId: finding.teamId, fileId: finding.fileId };
      const isNewest = finding.version === undefined;
      if (finding.kind === 'missing' && isNewest && (await purgedMeanwhile(catalog, ref, now()))) return;
      const mended = await repair({ catalog, bucket, now }, finding);
      const { fileId, key } = finding as { fileId: string; key: string | null };
      found.lost.push({ fileId, key, capturedAgain: mended.outcome === 'captured_again' });
    }
  };
  const tell = every(10_000, (objects) => onProgress(`held ${objects} objects against the catalog`));
  let after: string | null = keyPrefix(bucket);
  while (after !== null) {
    options.signal?.throwIfAborted();
    const slice = await verifySlice({ catalog, bucket, alone: true, onFinding, now }, after);
    found.objects += slice.objects;
    tell(found.objects);
    after = slice.after;
  }
  return found;
}

/** Passes a call on only when its first number has grown by `step`. */
function every<Rest extends number[]>(
  step: number,
  tell: (count: number, ...rest: Rest) => void,
): (count: number, ...rest: Rest) => void {
  let next = step;
  return (count, ...rest) => {
    if (count < next) return;
    next = count + step;
    tell(count, ...rest);
  };
}
