import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { isNotFound, statusOf, storageError } from './errors.ts';

/**
 * Removes an object for good. If the bucket keeps versions, all its versions and delete markers go too. It is no error
 * when there is no object. Throws `StorageError`.
 */
export async function removeObject(bucket: Bucket, key: string): Promise<void> {
  const { client, name: Bucket, capabilities } = bucket;
  try {
    if (capabilities.versioning !== false) {
      for (const VersionId of await versionsOf(bucket, key))
        await client.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId }));
    }
    // On a bucket with versions, this would only add a delete marker.
    if (capabilities.versioning !== true) await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
  } catch (error) {
    if (!isNotFound(error)) throw storageError(error, bucket.place);
  }
}

async function versionsOf(bucket: Bucket, key: string): Promise<string[]> {
  const ids: string[] = [];
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
      for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
        if (Key === key && VersionId) ids.push(VersionId);
    } while (page.IsTruncated && page.NextKeyMarker);
  } catch (error) {
    if (bucket.capabilities.versioning === true || statusOf(error) === null) throw error;
  }
  return ids;
}
