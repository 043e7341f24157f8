import {
  DeleteObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { failureOf } from './error-facts.ts';
import { isNotFound, isTaken, StorageError, statusOf, storageError } from './errors.ts';
import { isHiddenAbsence } from './hidden.ts';
import { unquote } from './probe.ts';
import { type ListedVersion, versionsUnder } from './remove.ts';

/** The object of a file, as far as the catalog knows it. */
export interface FileObject {
  key: string;
  teamId: string;
  fileId: string;
  /** Without quotes; null when it is not known. */
  etag: string | null;
  versionId: string | null;
}

/** `not_ours`: under the key are now bytes of somebody else's, which were left there. */
export type Removal = 'removed' | 'not_ours';

/** How often an object that changes under our hands is looked at again. */
const LOOKS = 3;

/**
 * Removes a file's object for good, with every version of it that the bucket keeps. It is no error when it is gone
 * already. Bytes that are not this file's stay: an object counts as the file's when its own description names it, or,
 * without a description, when its ETag is the one that was proven. Between that look and the removal, the store itself
 * makes sure of it where it can (`If-Match`); a version is removed by its id. Throws `StorageError`: `object_retained`
 * when Object Lock keeps it, with the time until then where the store tells it.
 */
export async function removeFileObject(bucket: Bucket, object: FileObject): Promise<Removal> {
  try {
    const listed = await versionsUnder(bucket, object.key);
    // Where versions are kept and not listed, the one that was written is still known.
    const known = object.versionId === null ? null : [{ id: object.versionId, isMarker: false }];
    const versions = listed ?? known;
    const kept = versions?.some(({ id }) => id !== NO_VERSION) || bucket.capabilities.versioning === true;
    return kept && versions
      ? await removeVersions(bucket, object, versions)
      : await removeCurrent(bucket, object);
  } catch (error) {
    throw storageError(error, bucket.place);
  }
}

/** S3's word for the id of an object that was written while the bucket kept no versions. Later bytes can have it too. */
const NO_VERSION = 'null';

async function removeVersions(
  bucket: Bucket,
  object: FileObject,
  versions: readonly ListedVersion[],
): Promise<Removal> {
  const { key } = object;
  let strangers = 0;
  for (const { id, isMarker } of versions) {
    if (isMarker) continue;
    const isKnown = id !== NO_VERSION && id === object.versionId;
    const head = isKnown ? null : await headOf(bucket, key, id);
    if (!isKnown && head === null) continue;
    if (isKnown || isOurs(object, head as HeadObjectCommandOutput)) await removeOne(bucket, key, id);
    else strangers += 1;
  }
  // Without its marker, a stranger's version would be seen again.
  if (strangers > 0) return 'not_ours';
  for (const { id, isMarker } of versions) if (isMarker) await removeOne(bucket, key, id);
  return 'removed';
}

async function removeCurrent(bucket: Bucket, object: FileObject): Promise<Removal> {
  for (let look = 0; look < LOOKS; look++) {
    const head = await headOf(bucket, object.key);
    if (head === null) return 'removed';
    if (!isOurs(object, head)) return 'not_ours';
    if (await removeIfSame(bucket, object.key, head.ETag)) return 'removed';
  }
  throw new StorageError(
    'bucket_race',
    'The object changes while it is to be removed; it will be tried again.',
  );
}

function isOurs({ teamId, fileId, etag }: FileObject, { Metadata, ETag }: HeadObjectCommandOutput): boolean {
  const { team, file } = Metadata ?? {};
  if (team !== undefined && file !== undefined) return team === teamId && file === fileId;
  return etag !== null && unquote(ETag) === etag;
}

/** No checksum is asked for: not every store knows that, and for it KMS would have to be asked. */
async function headOf(
  bucket: Bucket,
  Key: string,
  VersionId?: string,
): Promise<HeadObjectCommandOutput | null> {
  try {
    return await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key, VersionId }));
  } catch (error) {
    if (isNotFound(error)) return null;
    if (VersionId === undefined && (await isHiddenAbsence(bucket, Key, error))) return null;
    throw error;
  }
}

/** Whether a store compares `If-Match` when it deletes. It is learned at the first removal: see `removeIfSame`. */
const comparesOnDelete = new WeakMap<S3Client, boolean>();
/** The ETag of nothing. */
const NOBODYS = '"00000000000000000000000000000000"';
const NOT_UNDERSTOOD = new Set([400, 405, 411, 501]);

/**
 * Removes what is under the key if it still has this ETag. False when it has another one. AWS, Ceph 20 and others
 * compare; older ones ignore the header and delete in any case
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html). To learn which kind this store is,
 * the first removal asks with a wrong ETag: who deletes then, compares nothing, and has deleted what was to go. So the
 * trial needs no other object and no other right. Throws what the SDK throws, and `StorageError` `object_retained`.
 */
export async function removeIfSame(bucket: Bucket, key: string, etag: string | undefined): Promise<boolean> {
  const { client } = bucket;
  if (etag === undefined) return await removeOne(bucket, key, undefined);
  if (!comparesOnDelete.has(client)) {
    try {
      let isAbsent = false;
      await removeOne(bucket, key, undefined, NOBODYS, () => {
        isAbsent = true;
      });
      // An object that went meanwhile teaches nothing.
      if (!isAbsent) comparesOnDelete.set(client, false);
      return true;
    } catch (error) {
      if (isTaken(error)) comparesOnDelete.set(client, true);
      else if (NOT_UNDERSTOOD.has(statusOf(error) ?? 0)) comparesOnDelete.set(client, false);
      else throw error;
    }
  }
  try {
    return await removeOne(bucket, key, undefined, comparesOnDelete.get(client) ? etag : null);
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Removes one version, or what is under the key. True also when there is nothing. */
async function removeOne(
  bucket: Bucket,
  key: string,
  VersionId: string | undefined,
  /** Only what has this ETag. For a version it is not asked: S3 would compare the newest one's. */
  etag: string | null = null,
  onAbsent = () => {},
): Promise<true> {
  const { client, name: Bucket } = bucket;
  const command = new DeleteObjectCommand({ Bucket, Key: key, VersionId, ...(etag && { IfMatch: etag }) });
  try {
    await client.send(command);
  } catch (error) {
    if (isNotFound(error)) {
      onAbsent();
      return true;
    }
    throw isTaken(error) ? error : await whyKept(bucket, key, VersionId, error);
  }
  return true;
}

/** Stores refuse with few words to remove what Object Lock keeps. The object itself may say until when. */
async function whyKept(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  error: unknown,
): Promise<unknown> {
  const status = statusOf(error);
  if (status === null || status >= 500) return error;
  // For a version, no condition was sent that could not be understood. MinIO answers 400 there ("WORM protected").
  if (versionId === undefined && NOT_UNDERSTOOD.has(status)) return error;
  const head = await headOf(bucket, key, versionId).catch(() => null);
  const until = head?.ObjectLockRetainUntilDate?.getTime() ?? 0;
  const { name, message, requestId } = failureOf(error);
  const details = { name, status, message, requestId };
  const retained = (why: string, retryAfterMs: number | null) =>
    new StorageError('object_retained', why, { cause: error, retryAfterMs, details });
  if (head?.ObjectLockLegalHoldStatus === 'ON')
    return retained('The bucket does not let this object go: it is under a legal hold there.', null);
  if (until <= Date.now()) return error;
  const day = new Date(until).toISOString();
  return retained(
    `The bucket does not let this object go: it is retained until ${day}. It is removed then.`,
    until - Date.now(),
  );
}
