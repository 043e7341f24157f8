import { setTimeout as sleep } from 'node:timers/promises';
import { CatalogError } from '../catalog/db/errors.ts';
import type { Catalog } from '../catalog/db/open.ts';
import {
  claimFirstLook,
  endFirstLook,
  giveUpFirstLook,
  renewFirstLook,
} from '../catalog/journal/first-look.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { rebuild } from '../rebuild/rebuild.ts';
import type { Bucket } from '../storage/bucket.ts';
import { StorageError } from '../storage/errors.ts';
import { keyPrefix } from '../storage/inventory.ts';
import { ownFolder, ownObjects } from '../storage/own-objects.ts';
import { isOutage } from './outage.ts';

export interface FirstLook {
  catalog: Catalog;
  bucket: Bucket;
  teamId: string;
  /** The name of this process. */
  owner: string;
  log: Log;
  signal: AbortSignal;
  now(): number;
  /** Is told what takes long. */
  busyWith(sentence: string): void;
}

/** What the bucket holds of a workspace. */
interface Found {
  objects: number;
  bytes: number;
  segments: number;
  segmentBytes: number;
}

/**
 * What a bot rebuilds by itself, because that takes about a minute at most. Measured on a busy machine: 6.5 ms of a
 * processor for each file. A segment costs one request, after the one before it.
 */
const SMALL = { objects: 10_000, segments: 500, segmentBytes: 4_000_000 };
/** Without a journal, every object is read whole. */
const SMALL_UNTOLD = { objects: 500, bytes: 500_000_000 };

const LEASE_MS = 60_000;
const RENEW_MS = 10_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * Looks whether the bucket of a new catalog holds this workspace's vault already, because the catalog was lost or is
 * another one than before. If so, it fills the catalog from the bucket when that is quick, and else refuses with
 * {@link CatalogError} `catalog_empty`. One of several bots does it, the others wait for it. What was cut short is done
 * again. Throws `StorageError` and what the database says when they are away; it may then be called again.
 */
export async function firstLook(o: FirstLook): Promise<void> {
  const { catalog, owner, log, signal, now, busyWith } = o;
  const claim = () => ({ owner, leaseMs: LEASE_MS, now: now() });
  for (let isTold = false; ; ) {
    const turn = await claimFirstLook(catalog, claim());
    if (turn === 'done') return;
    if (turn === 'mine') break;
    busyWith('another bot fills the new catalog from it.');
    if (!isTold) log.info('another bot fills this new catalog from the bucket; waiting for it');
    isTold = true;
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
  const lost = new AbortController();
  const renewing = setInterval(async () => {
    // If the database is away, the rebuild itself fails.
    const isMine = await renewFirstLook(catalog, claim()).catch(() => true);
    if (!isMine) lost.abort(new Error('another bot has taken over the rebuild'));
  }, RENEW_MS);
  try {
    await lookAndRebuild({ ...o, signal: AbortSignal.any([signal, lost.signal]) });
  } catch (error) {
    await giveUpFirstLook(catalog, owner).catch((unfreed: unknown) =>
      log.warn({ code: errorCode(unfreed) }, 'the right to rebuild is not given back; it ends in a minute'),
    );
    if (!lost.signal.aborted) throw error;
    log.warn({ code: errorCode(error) }, 'this bot stood still, and another one took over the rebuild');
    return await firstLook(o);
  } finally {
    clearInterval(renewing);
  }
}

async function lookAndRebuild(o: FirstLook): Promise<void> {
  const { catalog, bucket, teamId, owner, log, signal, now, busyWith } = o;
  const found = await contentOf(bucket, teamId).catch((error: unknown) => {
    if (!(error instanceof StorageError) || isOutage(error)) throw error;
    log.warn({ code: error.code, err: error }, 'the bucket cannot be listed, so what it holds is not known');
    return null;
  });
  if (found === null || found.objects + found.segments === 0) return endFirstLook(catalog, owner);
  if (!isSmall(found)) throw refusal(bucket, found);
  log.warn(found, 'this catalog is new, but the bucket holds a vault: filling the catalog from the bucket');
  busyWith('it is there, and the new catalog is filled from it.');
  const onProgress = (line: string) => log.info(line);
  const { lost, damaged, ...counts } = await rebuild({
    ...{ catalog, bucket, teamId, byItself: true, onProgress, signal, now },
  });
  log.warn(
    { ...counts, lost: lost.length, damaged },
    'the catalog was rebuilt from the bucket; /vault status shows what came back',
  );
}

/** Counts until it is more than small. */
async function contentOf(bucket: Bucket, teamId: string): Promise<Found> {
  const found: Found = { objects: 0, bytes: 0, segments: 0, segmentBytes: 0 };
  for await (const { bytes } of ownObjects(bucket, `${ownFolder(bucket, 'journal')}${teamId}/`)) {
    found.segments += 1;
    found.segmentBytes += bytes;
    if (!isSmall(found)) return found;
  }
  for await (const { bytes } of ownObjects(bucket, `${keyPrefix(bucket)}${teamId}/`)) {
    found.objects += 1;
    found.bytes += bytes;
    if (!isSmall(found)) return found;
  }
  return found;
}

function isSmall({ segments, segmentBytes, objects, bytes }: Found): boolean {
  if (segments === 0) return objects <= SMALL_UNTOLD.objects && bytes <= SMALL_UNTOLD.bytes;
  return segments <= SMALL.segments && segmentBytes <= SMALL.segmentBytes && objects <= SMALL.objects;
}

function refusal({ name }: Bucket, { objects, segments }: Found): CatalogError {
  const what = objects > 0 ? `at least ${objects} objects` : `at least ${segments} segments of a journal`;
  return new CatalogError(
    'catalog_empty',
    `This catalog is empty, but the bucket "${name}" holds a vault (${what}). Check DATABASE_URL or VAULT_DATA_DIR; if the old catalog is lost, run npm run rebuild, which fills this one from the bucket. VAULT_NEW_CATALOG=1 begins with an empty one.`,
  );
}
