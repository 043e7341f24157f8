import type { Readable } from 'node:stream';
import { GetObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import {
  type Finding,
  type FindingKind,
  noFindings,
  type VerifySummary,
} from '../catalog/alerts/findings.ts';
import {
  filesAtKey,
  filesByKey,
  filesOutside,
  type KeyedFile,
  keyedFile,
  keyedVersion,
  oddFiles,
} from '../catalog/alerts/verify.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { isToBeLookedAt } from '../catalog/files/changes.ts';
import { cutOffAt, headObject } from '../storage/adopt.ts';
import type { Bucket } from '../storage/bucket.ts';
import { isNotFound, storageError } from '../storage/errors.ts';
import { keyPrefix, type ListedObject, listPage, unfinishedUploads } from '../storage/inventory.ts';
import { measureAll } from '../storage/measure.ts';
import { decodeMetadata } from '../storage/metadata.ts';
import { unquote } from '../storage/probe.ts';
import { whyUnreadable } from '../storage/unreadable.ts';
import { DAY_MS } from '../time.ts';

const ROWS_AT_ONCE = 1_000;
const READS_AT_ONCE = 4;
const ODD_FILES = 1_000;

export interface VerifyOptions {
  catalog: Catalog;
  bucket: Bucket;
  /** Reads and hashes every object. Otherwise the listing is trusted where it says enough. */
  deep?: boolean | undefined;
  /** Whether one more request about an object is allowed. Without this function: always. */
  mayAsk?: (() => boolean) | undefined;
  /** No bot is capturing now. So an object whose file waits for its capture is a stranger too. */
  alone?: boolean | undefined;
  /** Called once for each problem. */
  onFinding(finding: Finding): void | Promise<void>;
  /** An unfinished upload younger than this may still be under way, in ms. */
  uploadAgeMs?: number | undefined;
  signal?: AbortSignal | undefined;
  now(): number;
}

/** How far a comparison has come. `after` is null when all objects and rows have been compared. */
export interface Slice {
  after: string | null;
  objects: number;
  bytes: number;
  files: number;
}

/**
 * Compares the whole bucket with the whole catalog, both ways. It takes one page of the listing at a time with the
 * rows of the same keys, so it needs little memory. It may run beside working bots: whatever looks wrong is checked
 * a second time before it is reported. Throws `StorageError` and `CatalogError`.
 */
export async function verify(options: VerifyOptions): Promise<VerifySummary & { elsewhere: number }> {
  const startedAt = options.now();
  const counts = noFindings();
  const counting = {
    ...options,
    onFinding: (finding: Finding) => {
      counts[finding.kind] += 1;
      return options.onFinding(finding);
    },
  };
  const sum = { objects: 0, bytes: 0, files: 0 };
  let after: string | null = keyPrefix(options.bucket);
  while (after !== null) {
    const slice: Slice = await verifySlice(counting, after);
    for (const name of ['objects', 'bytes', 'files'] as const) sum[name] += slice[name];
    after = slice.after;
  }
  await verifyRest(counting);
  const elsewhere = await filesOutside(options.catalog, keyPrefix(options.bucket));
  return { startedAt, finishedAt: options.now(), ...sum, counts, elsewhere };
}

/** Compares one page of the listing. It costs one request when nothing is wrong. */
export async function verifySlice(options: VerifyOptions, after: string): Promise<Slice> {
  const { bucket, catalog, signal } = options;
  const page = await listPage(bucket, after, signal);
  const unclaimed = new Map(page.objects.map((object) => [object.key, object]));
  const until = page.until ?? lastUnder(bucket);
  let files = 0;
  let from: string | null = after;
  while (from !== null) {
    signal?.throwIfAborted();
    const rows: KeyedFile[] = await filesByKey(catalog, { after: from, until, limit: ROWS_AT_ONCE });
    files += rows.length;
    await forEachRow(rows, async (row) => {
      const key = row.objectKey as string;
      const object = unclaimed.get(key);
      unclaimed.delete(key);
      await judge(options, row, object);
    });
    from = rows.length === ROWS_AT_ONCE ? (rows.at(-1)?.objectKey ?? null) : null;
  }
  for (const object of unclaimed.values()) await judgeStranger(options, object);
  const bytes = page.objects.reduce((sum, object) => sum + object.bytes, 0);
  return { after: page.until, objects: page.objects.length, bytes, files };
}

/** Checks what no listing of objects shows: rows without a key, overdue trash, unfinished uploads. */
export async function verifyRest(options: VerifyOptions): Promise<void> {
  const { catalog, bucket, now, uploadAgeMs = DAY_MS, signal } = options;
  const { keyless, overdue } = await oddFiles(catalog, { before: now() - DAY_MS, limit: ODD_FILES });
  for (const row of keyless) await report(options, 'no_key', row);
  for (const row of overdue) await report(options, 'overdue_trash', row);
  for (const { key, uploadId, startedAt } of await unfinishedUploads(bucket, signal)) {
    if (now() - startedAt < uploadAgeMs) continue;
    const detail = `begun ${new Date(startedAt).toISOString()}`;
    const nobody = { teamId: null, fileId: null, bytes: null };
    await options.onFinding({ kind: 'unfinished_upload', key, uploadId, detail, ...nobody });
  }
}

/** The last key under the prefix. Rows with keys elsewhere must not count as missing. */
function lastUnder(bucket: Bucket): string | null {
  const prefix = keyPrefix(bucket);
  return prefix === '' ? null : `${prefix}\u{10ffff}`;
}

async function judge(
  options: VerifyOptions,
  row: KeyedFile,
  object: ListedObject | undefined,
): Promise<void> {
  const wrong = await whatIsWrong(options, row, object);
  if (wrong === null) return;
  // The row may have changed during the listing: the file was purged, or lost and captured again.
  const { catalog } = options;
  const now = await (row.older === null ? keyedFile(catalog, row) : keyedVersion(catalog, row, row.older));
  if (now?.objectKey !== row.objectKey || now?.state !== row.state) return;
  await report(options, wrong.kind, row, object?.bytes ?? null, wrong.detail);
}

interface Wrong {
  kind: FindingKind;
  detail: string;
}

async function whatIsWrong(
  options: VerifyOptions,
  row: KeyedFile,
  object: ListedObject | undefined,
): Promise<Wrong | null> {
  if (object === undefined) return unlisted(options, row);
  if (object.bytes !== row.storedBytes) return wrongSize(row, object.bytes);
  if (options.deep) return readAndCompare(options, row);
  // The ETag is the same as when the bytes were proven, so it is the same object.
  if (object.etag !== null && object.etag === row.etag) return null;
  if (!mayAsk(options)) return row.etag === null ? null : { kind: 'wrong_bytes', detail: 'another ETag' };
  const head = await look(options, row.objectKey as string);
  if (head === null) return { kind: 'missing', detail: '' };
  if ('unreadable' in head) return { kind: 'unreadable', detail: head.unreadable };
  if (head.ContentLength !== row.storedBytes) return wrongSize(row, head.ContentLength ?? 0);
  const whole = head.ChecksumType === 'COMPOSITE' ? undefined : head.ChecksumCRC32;
  if (whole !== undefined && !whole.includes('-') && row.crc32 !== null)
    return whole === row.crc32 ? null : { kind: 'wrong_bytes', detail: 'another CRC-32' };
  return unquote(head.ETag) === row.etag ? null : readAndCompare(options, row);
}

function wrongSize(row: KeyedFile, bytes: number): Wrong {
  return { kind: 'wrong_size', detail: `${bytes} bytes instead of ${row.storedBytes}` };
}

/** It may have been written after its page was listed. */
async function unlisted(options: VerifyOptions, row: KeyedFile): Promise<Wrong | null> {
  const head = mayAsk(options) ? await look(options, row.objectKey as string) : null;
  if (head === null) return { kind: 'missing', detail: '' };
  return 'unreadable' in head ? { kind: 'unreadable', detail: head.unreadable } : null;
}

/** An object's headers, null when it is not there, or why this one object does not show them. */
async function look(
  { bucket, signal }: VerifyOptions,
  key: string,
): Promise<HeadObjectCommandOutput | { unreadable: string } | null> {
  try {
    return await headObject(bucket, key, signal);
  } catch (error) {
    const unreadable = whyUnreadable(error, bucket.place);
    if (unreadable !== null) return { unreadable };
    throw storageError(error, bucket.place);
  }
}

async function readAndCompare(options: VerifyOptions, row: KeyedFile): Promise<Wrong | null> {
  const { bucket, signal } = options;
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: row.objectKey as string });
  try {
    const answer = await bucket.client.send(command, { abortSignal: signal });
    const digest = await measureAll(answer.Body as Readable);
    if (digest.bytes !== row.storedBytes) return wrongSize(row, digest.bytes);
    const same = row.sha256 === null ? digest.crc32 === row.crc32 : digest.sha256 === row.sha256;
    return same ? null : { kind: 'wrong_bytes', detail: 'another SHA-256' };
  } catch (error) {
    if (isNotFound(error)) return { kind: 'missing', detail: '' };
    const detail = whyUnreadable(error, bucket.place);
    if (detail !== null) return { kind: 'unreadable', detail };
    throw storageError(error, bucket.place);
  }
}

/** An object without a row is a stranger, unless it was just stored or removed, or its capture still runs. */
async function judgeStranger(options: VerifyOptions, object: ListedObject): Promise<void> {
  const { catalog } = options;
  const { key, bytes } = object;
  const known = await filesAtKey(catalog, key);
  if (known.some(({ state, older }) => state === 'stored' || state === 'trashed' || isKept(state, older)))
    return;
  const stranger = { kind: 'unknown' as const, key, bytes, teamId: null, fileId: null, detail: '' };
  if (!mayAsk(options)) return options.onFinding(stranger);
  const head = await look(options, key);
  if (head === null) return;
  const purged = known.find(({ state }) => state === 'purged');
  if (purged) return report(options, 'unpurged', purged, bytes);
  if ('unreadable' in head) return options.onFinding({ ...stranger, detail: head.unreadable });
  const described = decodeMetadata(head.Metadata ?? {});
  if (described === null) return options.onFinding(stranger);
  const { teamId, fileId } = described;
  const file = await keyedFile(catalog, { teamId, fileId });
  const waits = file?.state === 'pending' || file?.state === 'storing' || file?.state === 'failed';
  if (waits && !options.alone) return;
  // A later version that is in the bucket already and not in the catalog yet.
  if (
    described.version !== undefined &&
    !options.alone &&
    (await isToBeLookedAt(catalog, { teamId, fileId }))
  )
    return;
  const cutOff = cutOffAt(head);
  const what = file === undefined ? 'a file that the catalog does not have' : 'another copy of a known file';
  const detail = cutOff === null ? what : `${what}, cut off: ${cutOff}`;
  await options.onFinding({ ...stranger, teamId, fileId, detail });
}

/** Older versions are kept while their file waits to be captured again. */
function isKept(state: KeyedFile['state'], older: number | null): boolean {
  return older !== null && state !== 'purged';
}

function mayAsk({ mayAsk: may }: VerifyOptions): boolean {
  return may === undefined || may();
}

async function report(
  options: VerifyOptions,
  kind: FindingKind,
  row: KeyedFile,
  bytes: number | null = null,
  detail = '',
): Promise<void> {
  const { teamId, fileId, objectKey: key, older } = row;
  const version = older === null ? {} : { version: older };
  await options.onFinding({ kind, key, teamId, fileId, bytes, detail, ...version });
}

/** Does the work for each row, a few at a time. After a failure it starts no more, waits for the rest and throws. */
async function forEachRow(
  rows: readonly KeyedFile[],
  work: (row: KeyedFile) => Promise<void>,
): Promise<void> {
  const few = pLimit({ concurrency: READS_AT_ONCE, rejectOnClear: true });
  const begun = rows.map((row) =>
    few(work, row).catch((error) => {
      few.clearQueue();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(begun);
  const failed = ended.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
