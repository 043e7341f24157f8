import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { Damage, DamageKind, ReadingPlace } from '../catalog/alerts/drills.ts';
import { filesByKey, type KeyedFile, keyedFile, keyedVersion } from '../catalog/alerts/verify.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import type { Bucket } from '../storage/bucket.ts';
import { isNotFound, StorageError, storageError } from '../storage/errors.ts';
import { type Digest, measureAll } from '../storage/measure.ts';
import { decodeMetadata, versionOf } from '../storage/metadata.ts';
import { whyUnreadable } from '../storage/unreadable.ts';

const PAGE = 200;
const AT_ONCE = 4;
/** A connection that breaks says nothing of the object. */
const TRIES = 3;

export interface ReadingOptions {
  live: Catalog;
  bucket: Bucket;
  /** At most this many bytes are read, and always at least one object. */
  budget: number;
  place: ReadingPlace;
  onDamage(damage: Damage): void;
  onProgress(line: string): void;
  signal?: AbortSignal | undefined;
  now(): number;
}

export interface Reading {
  read: number;
  readBytes: number;
  archived: number;
  /** Where the next drill goes on. */
  place: ReadingPlace;
}

/**
 * Reads objects whole, in the order of their keys, from where the last drill stopped: length, CRC-32 or SHA-256, and
 * what each says of itself, against the catalog. Bytes pass through and are not kept. It ends with the budget, or at the
 * last key; then the next drill begins a new round.
 */
export async function readObjects(o: ReadingOptions): Promise<Reading> {
  const { live, signal, now } = o;
  const result = { read: 0, readBytes: 0, archived: 0 };
  const place: ReadingPlace = { ...o.place, begunAt: o.place.begunAt ?? now() };
  const few = pLimit(AT_ONCE);
  let left = o.budget;
  while (left > 0) {
    signal?.throwIfAborted();
    const rows = await filesByKey(live, { after: place.after, until: null, limit: PAGE });
    const fit: KeyedFile[] = [];
    for (const row of rows) {
      const isFirst = result.read + result.archived + fit.length === 0;
      if (left <= 0 || ((row.storedBytes ?? 0) > left && !isFirst)) {
        left = 0;
        break;
      }
      left -= row.storedBytes ?? 0;
      fit.push(row);
    }
    const outcomes = await Promise.all(fit.map((row) => few(readOne, o, row)));
    for (const outcome of outcomes) {
      if (outcome === 'archived') result.archived += 1;
      else if (outcome !== null) {
        result.read += 1;
        result.readBytes += outcome;
      }
    }
    const last = fit.at(-1)?.objectKey;
    if (last) place.after = last;
    o.onProgress(`read ${result.read} objects whole`);
    if (fit.length < rows.length) break;
    if (rows.length < PAGE) return { ...result, place: { after: '', begunAt: null, roundAt: now() } };
  }
  return { ...result, place };
}

/** How many bytes were read; null when there was nothing to read. */
async function readOne(o: ReadingOptions, row: KeyedFile): Promise<number | 'archived' | null> {
  o.signal?.throwIfAborted();
  const { damage, bytes, archived } = await look(o, row);
  if (archived) return 'archived';
  if (damage === null) return bytes;
  const { live } = o;
  const now = await (row.older === null ? keyedFile(live, row) : keyedVersion(live, row, row.older));
  const isSame =
    now?.objectKey === row.objectKey && now?.state === row.state && now?.storedBytes === row.storedBytes;
  if (!isSame) return null;
  const version = row.older === null ? '' : `, version ${row.older}`;
  o.onDamage({
    kind: damage.kind,
    what: row.objectKey as string,
    detail: [`file ${row.fileId}${version}`, damage.detail].filter(Boolean).join(': '),
  });
  return bytes;
}

interface Look {
  /** Null when there was nothing to read. */
  bytes: number | null;
  archived?: boolean;
  damage: { kind: DamageKind; detail: string } | null;
}

async function look({ bucket, signal }: ReadingOptions, row: KeyedFile): Promise<Look> {
  for (let tries = 1; ; tries++) {
    try {
      const command = new GetObjectCommand({ Bucket: bucket.name, Key: row.objectKey as string });
      const { Body, Metadata } = await bucket.client.send(command, { abortSignal: signal });
      const digest = await measureAll(Body as Readable);
      return { bytes: digest.bytes, damage: judge(row, digest, Metadata ?? {}) };
    } catch (error) {
      signal?.throwIfAborted();
      if (isNotFound(error)) return { bytes: null, damage: { kind: 'object_missing', detail: '' } };
      const why = whyUnreadable(error, bucket.place);
      const failure = storageError(error, bucket.place);
      if (failure.code === 'object_archived') return { bytes: null, archived: true, damage: null };
      if (why !== null) return { bytes: null, damage: { kind: 'object_unreadable', detail: why } };
      const passes = !(failure instanceof StorageError) || !failure.permanent;
      if (tries === TRIES || !passes) throw failure;
    }
  }
}

function judge(row: KeyedFile, digest: Digest, metadata: Record<string, string>): Look['damage'] {
  if (digest.bytes !== row.storedBytes)
    return { kind: 'object_size', detail: `${digest.bytes} bytes instead of ${row.storedBytes}` };
  const isSame = row.sha256 === null ? digest.crc32 === row.crc32 : digest.sha256 === row.sha256;
  if (!isSame)
    return { kind: 'object_bytes', detail: `another ${row.sha256 === null ? 'CRC-32' : 'SHA-256'}` };
  const said = decodeMetadata(metadata);
  if (said === null) return { kind: 'object_unmarked', detail: 'its metadata does not say which file it is' };
  if (said.teamId !== row.teamId)
    return { kind: 'object_mismatched', detail: `it says that it is of the workspace ${said.teamId}` };
  if (said.fileId !== row.fileId)
    return { kind: 'object_mismatched', detail: `it says that it is of file ${said.fileId}` };
  if (row.older !== null && versionOf(metadata) !== row.older)
    return { kind: 'object_mismatched', detail: `it says that it is version ${versionOf(metadata)}` };
  return null;
}
