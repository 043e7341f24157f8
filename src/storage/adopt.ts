import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { Proof, StoredObject } from '../catalog/model.ts';
import type { Bucket } from './bucket.ts';
import { isNotFound, StorageError, statusOf, storageError } from './errors.ts';
import { unquote } from './etag.ts';
import { isHiddenAbsence } from './hidden.ts';
import { type Digest, measureAll } from './measure.ts';
import { lengthOf, versionOf } from './metadata.ts';
import { createPartEtag } from './part-etag.ts';

/** What an object must be to count as the file that was about to be stored. */
export interface Expected {
  key: string;
  /** `team`, `file` and `version` must agree with the object's own metadata. */
  metadata: Record<string, string>;
  /** In bytes; null when nobody knows. */
  length: number | null;
  /** Hex, where it is known. */
  sha256?: string | undefined;
  /** An object of ours that was cut off is removed, so that the key is free. Otherwise it is a conflict. */
  dropCutOff?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Takes over the object under a key that is already taken: an earlier attempt may have stored it and died before
 * recording it. Its metadata must be ours, and it must be whole: as long as it says itself, read back and hashed.
 * Throws `StorageError` `object_conflict` when it is anything else.
 */
export async function adoptObject(bucket: Bucket, expected: Expected): Promise<StoredObject> {
  const found = await findObject(bucket, expected).catch((error: StorageError) => {
    // A rule may archive what an attempt left that died. It says nothing then, and another key is free.
    throw error.code === 'object_archived' ? conflict('an archived object is stored there') : error;
  });
  if (!found)
    throw new StorageError('bucket_race', 'The object in the way is gone again; it will be tried again.');
  return found;
}

/** Like `adoptObject`, but returns null when the key is free. */
export async function findObject(bucket: Bucket, expected: Expected): Promise<StoredObject | null> {
  const { key, metadata, length, signal } = expected;
  try {
    const head = await headObject(bucket, key, signal);
    if (!head) return null;
    const ours = head.Metadata?.team === metadata.team && head.Metadata?.file === metadata.file;
    if (ours && versionOf(head.Metadata) !== versionOf(metadata))
      throw conflict('another version of the file is stored there');
    if (!ours) throw conflict('something else is stored there');
    const cutOff = cutOffAt(head);
    if (cutOff !== null) {
      if (expected.dropCutOff && (await dropped(bucket, key, head))) return null;
      throw conflict(`an object that was cut off is stored there, ${cutOff}`);
    }
    if (length !== null && head.ContentLength !== length) throw conflict('another size is stored there');
    const etag = unquote(head.ETag);
    const partEtag = etag?.includes('-') ? createPartEtag() : null;
    const digest = await readBack(bucket, key, head, { signal, onChunk: partEtag?.add });
    if (digest.bytes !== head.ContentLength) throw conflict('it could not be read back whole');
    for (const known of [expected.sha256, head.Metadata?.sha256])
      if (known && digest.sha256 !== known) throw conflict('other bytes are stored there');
    const { bytes, sha256, crc32 } = digest;
    const proof = proofOfRead(head, digest, partEtag?.etag() ?? digest.md5);
    const type = head.ContentType;
    return {
      key,
      bytes,
      sha256,
      crc32,
      etag,
      versionId: head.VersionId ?? null,
      proof,
      ...(type && { type }),
    };
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}

/**
 * Some stores keep what came of a broken upload as an object: Swift's s3api 2.30 in a bucket with versions. Such an
 * object says another length than it has. Returns that in words; null for any other object.
 */
export function cutOffAt({ Metadata, ContentLength }: HeadObjectCommandOutput): string | null {
  const length = lengthOf(Metadata);
  return length === null || length === ContentLength ? null : `${ContentLength} of ${length} bytes`;
}

/** Removes exactly the object that was looked at. False when that is not possible. */
async function dropped(bucket: Bucket, key: string, head: HeadObjectCommandOutput): Promise<boolean> {
  const { client, name: Bucket } = bucket;
  const only = head.VersionId ? { VersionId: head.VersionId } : { IfMatch: head.ETag };
  try {
    await client.send(new DeleteObjectCommand({ Bucket, Key: key, ...only }));
    return true;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (statusOf(error) === null) throw error;
    // No right to delete, or the store knows no such condition: then another key is used.
    return false;
  }
}

/** The object's headers, with its checksum where the store tells that; null when there is no such object. */
export async function headObject(
  bucket: Bucket,
  key: string,
  signal?: AbortSignal,
): Promise<HeadObjectCommandOutput | null> {
  const about = { Bucket: bucket.name, Key: key };
  const mode = bucket.capabilities.checksumMode ? { ChecksumMode: 'ENABLED' as const } : {};
  try {
    return await bucket.client.send(new HeadObjectCommand({ ...about, ...mode }), { abortSignal: signal });
  } catch (error) {
    if (isNotFound(error) || (await isHiddenAbsence(bucket, key, error, signal))) return null;
    throw error;
  }
}

async function readBack(
  bucket: Bucket,
  key: string,
  head: HeadObjectCommandOutput,
  { signal, onChunk }: { signal?: AbortSignal | undefined; onChunk?: ((chunk: Buffer) => void) | undefined },
): Promise<Digest> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, IfMatch: head.ETag });
  const answer = await bucket.client.send(command, { abortSignal: signal });
  const body = answer.Body as Readable;
  const stop = () => body.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await measureAll(body, true, onChunk);
  } catch (error) {
    throw new StorageError('bucket_failed', 'The bucket broke off while an object was read back.', {
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** If the store keeps a checksum, it must match the bytes that the store returns. */
function proofOfRead(head: HeadObjectCommandOutput, digest: Digest, etag: string | null): Proof {
  const wholeSum =
    head.ChecksumType === 'COMPOSITE' || head.ChecksumCRC32?.includes('-') ? null : head.ChecksumCRC32;
  if (wholeSum) {
    if (wholeSum !== digest.crc32) throw conflict('its bytes do not fit its checksum');
    return 'crc32';
  }
  return unquote(head.ETag) === etag ? 'md5' : 'size';
}

function conflict(why: string): StorageError {
  return new StorageError('object_conflict', `The key for this file is taken: ${why}.`);
}
