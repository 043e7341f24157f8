import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { isNotFound, type StorageError, statusOf, storageError } from './errors.ts';

/**
 * Removes an object of the vault's own (a list, a chart, a piece of the journal) for good, or one that was just
 * written. If the bucket keeps versions, all its versions and delete markers go too. It is no error when there is no
 * object. For files of Slack's see `removeFileObject`. Throws `StorageError`.
 */
export async function removeObject(bucket: Bucket, key: string): Promise<void> {
  const { client, name: Bucket, capabilities } = bucket;
  try {
    const versions = await versionsUnder(bucket, key);
    for (const { id } of versions ?? [])
      await client.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: id }));
    // On a bucket with versions, this would only add a delete marker. That is all there is where none can be listed.
    if (versions === null || capabilities.versioning !== true)
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
  } catch (error) {
    if (!isNotFound(error)) throw storageError(error, bucket.place);
  }
}

/**
 * Like `removeObject`, for what may as well stay: false when the bucket does not let it go, for want of a right or
 * because it retains everything for a while. Throws `StorageError` for any other failure.
 */
export async function removeIfAllowed(bucket: Bucket, key: string): Promise<boolean> {
  try {
    await removeObject(bucket, key);
    return true;
  } catch (error) {
    const { code } = error as StorageError;
    if (code === 'bucket_forbidden' || code === 'object_retained') return false;
    throw error;
  }
}

/** Answers of stores that know no list of versions. */
const UNLISTED = new Set([400, 404, 405, 501]);

/** What a bucket with versions has under one key. */
export interface ListedVersion {
  /** `null` in words: an object from before the bucket kept versions. */
  id: string;
  isMarker: boolean;
}

/**
 * Every version and delete marker of exactly this key, or null for a bucket that keeps no versions, as far as it lets
 * itself be asked. Throws what the SDK throws.
 */
export async function versionsUnder(bucket: Bucket, key: string): Promise<ListedVersion[] | null> {
  if (bucket.capabilities.versioning === false) return null;
  const found: ListedVersion[] = [];
  try {
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const command = new ListObjectVersionsCommand({
        Bucket: bucket.name,
        Prefix: key,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      });
      page = await bucket.client.send(command);
      for (const { Key, VersionId: id } of page.Versions ?? [])
        if (Key === key && id) found.push({ id, isMarker: false });
      for (const { Key, VersionId: id } of page.DeleteMarkers ?? [])
        if (Key === key && id) found.push({ id, isMarker: true });
    } while (page.IsTruncated && page.NextKeyMarker);
  } catch (error) {
    const status = statusOf(error);
    if (status === null) throw error;
    // Some stores keep versions and do not list them.
    if (bucket.capabilities.versioning === true && !UNLISTED.has(status)) throw error;
    return null;
  }
  return found;
}
