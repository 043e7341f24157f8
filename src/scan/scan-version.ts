import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { backOff } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fileById } from '../catalog/files/lookup.ts';
import { versionOf } from '../catalog/files/versions.ts';
import type { ScanReason } from '../catalog/scan/model.ts';
import {
  deferScan,
  dropScan,
  nextRound,
  renewScan,
  type ScanOutcome,
  type ScanRecord,
  scanDone,
} from '../catalog/scan/rows.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Bucket } from '../storage/bucket.ts';
import { type BucketPlace, StorageError, storageError } from '../storage/errors.ts';
import { isBucketOutage } from '../storage/outage.ts';
import { readObject } from '../storage/read-object.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import { ScannerError, type Verdict } from './answers.ts';
import type { Scanner } from './scanner.ts';

export interface ScanOptions {
  catalog: Catalog;
  bucket: Bucket;
  scanner: Scanner;
  owner: string;
  leaseMs: number;
  log: Log;
  now(): number;
}

/** After so many breaks in a row, the file itself counts as the reason. */
const MOST_BREAKS = 4;

/** The object is not what was stored: that is for `verify` to find out; the scanner must not vouch for it. */
class OtherBytes extends Error {
  readonly code = 'other_bytes';
}

/**
 * Scans one version of a file: reads its object as a stream and has the scanner look at it. What cannot be done now is
 * tried later; what can never be done is written down with its reason. It bears to be done twice.
 * Returns what the scanner said.
 */
export async function scanVersion(
  options: ScanOptions,
  row: ScanRecord,
  signal: AbortSignal,
): Promise<ScanOutcome | undefined> {
  const { catalog, bucket, scanner, owner, now } = options;
  const object = await objectOf(catalog, row);
  if (object === 'gone') await dropScan(catalog, row);
  if (object === 'away') await deferScan(catalog, row, owner, { dueAt: now() + DAY_MS });
  if (object === 'gone' || object === 'away') return undefined;
  const lease = keepLease(options, { file: row.fileId }, (until) => renewScan(catalog, row, owner, until));
  const stop = AbortSignal.any([signal, lease.lost]);
  try {
    const open = async () =>
      Readable.from(asStored(await readObject(bucket, object, stop), object, bucket.place));
    const { verdict, version } = await scanner.scan(object.bytes, open, stop, row.broke);
    const outcome = outcomeOf(verdict);
    await done(options, row, outcome, version);
    return outcome;
  } catch (error) {
    if (signal.aborted) await deferScan(catalog, row, owner, { dueAt: now() });
    else if (!lease.lost.aborted) await failed(options, row, error);
    return undefined;
  } finally {
    lease.end();
  }
}

interface StoredObject {
  key: string;
  versionId: string | null;
  bytes: number;
  sha256: string;
}

/** Where these bytes are. `away`: the file is being captured again. `gone`: they are not in the vault any more. */
async function objectOf(catalog: Catalog, row: ScanRecord): Promise<StoredObject | 'away' | 'gone'> {
  const file = await fileById(catalog, row);
  if (file === undefined || file.state === 'purged') return 'gone';
  const version = file.version === row.number ? file : await versionOf(catalog, row, row.number);
  if (version === undefined) return 'gone';
  if (version.objectKey === null) return 'away';
  if ((version.sha256 ?? '') !== row.sha256) return 'gone';
  const { objectKey: key, versionId, storedBytes, sha256 } = version;
  return { key, versionId, bytes: storedBytes ?? 0, sha256: sha256 ?? '' };
}

/** True while nothing can be had from the bucket: that says nothing of the file. */
const isBucketAway = (error: unknown) =>
  error instanceof StorageError && error.code.startsWith('bucket_') && isBucketOutage(error);

/**
 * Passes the bytes on, and throws at the end if they are others than those that were stored. Throws `StorageError` where
 * the bucket breaks off.
 */
async function* asStored(
  body: Readable,
  { bytes, sha256 }: StoredObject,
  place: BucketPlace,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let count = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      hash.update(piece);
      count += piece.length;
      yield piece;
    }
  } catch (error) {
    throw storageError(error, place);
  } finally {
    body.destroy();
  }
  if (count !== bytes || (sha256 !== '' && hash.digest('hex') !== sha256))
    throw new OtherBytes('The bucket gives other bytes than those that were stored.');
}

function outcomeOf(verdict: Verdict): ScanOutcome {
  if (verdict.kind === 'clean') return { state: 'clean' };
  if (verdict.kind === 'infected') return { state: 'infected', signature: verdict.signature };
  return { state: 'unscanned', reason: verdict.reason };
}

async function done(
  { catalog, owner, log, now }: ScanOptions,
  row: ScanRecord,
  outcome: ScanOutcome,
  scannedWith: string | null,
): Promise<void> {
  const isOurs = await scanDone(catalog, row, owner, {
    ...{ outcome, scannedWith, now: now() },
    dueAt: outcome.state === 'unscanned' ? tryAgainAt(outcome.reason, now()) : nextRound(now()),
  });
  if (!isOurs || outcome.state === 'clean') return;
  const what = outcome.state === 'infected' ? { signature: outcome.signature } : { reason: outcome.reason };
  const about = { file: row.fileId, version: row.number, ...what };
  if (outcome.state === 'infected') log.warn(about, 'malware was found; the file is not given out');
  else log.info(about, 'the malware scanner could not check a file');
}

/** When a file that could not be scanned is tried again. What the scanner does not take needs other settings of it. */
function tryAgainAt(reason: ScanReason, now: number): number {
  if (reason === 'unreadable') return now + HOUR_MS;
  return reason === 'broke' ? now + DAY_MS : nextRound(now);
}

async function failed(options: ScanOptions, row: ScanRecord, error: unknown): Promise<void> {
  const { catalog, owner, scanner, log, now } = options;
  const isScanners = error instanceof ScannerError;
  // Without room on its disk, say, it fails on every file.
  const isBreak = isScanners
    ? error.midway && (error.code !== 'scanner_failed' || (await scanner.isThere()))
    : !isBucketAway(error);
  log.warn(
    { code: errorCode(error), file: row.fileId, version: row.number, err: error },
    'a file could not be scanned; it is tried again',
  );
  // Nobody was at work on it: it waits like all others until the scanner is there, and the bucket.
  if (!isBreak) {
    const wait = isScanners ? 1_000 : backOff(row.attempts);
    await deferScan(catalog, row, owner, { dueAt: Math.max(now() + wait, scanner.nextLookAt()) });
    return;
  }
  if (errorCode(error) === 'object_archived') {
    if (row.state !== 'waiting') await deferScan(catalog, row, owner, { dueAt: nextRound(now()) });
    else await done(options, row, { state: 'unscanned', reason: 'archived' }, null);
    return;
  }
  const breaks = row.broke + 1;
  if (breaks < MOST_BREAKS) {
    await deferScan(catalog, row, owner, { dueAt: now() + backOff(breaks), broke: true });
    return;
  }
  // What was said of these bytes before stands.
  if (row.state !== 'waiting' && !(error instanceof OtherBytes)) {
    await deferScan(catalog, row, owner, { dueAt: now() + DAY_MS });
    return;
  }
  const reason = isScanners ? 'broke' : 'unreadable';
  await done(options, row, { state: 'unscanned', reason }, scanner.facts().version?.text ?? null);
}
