import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Left } from '../ledger.ts';

/** More than the rehearsal can have made. */
const MOST_ROUNDS = 50;

/**
 * Removes everything under the rehearsal's prefix: objects with all their versions and delete markers, and uploads that
 * were not ended. Throws `Left` with what the bucket keeps.
 */
export async function emptyPrefix(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  // Never the whole bucket, whatever happens above.
  if (!/(^|\/)rehearsal-[^/]+\/$/.test(Prefix)) throw new Error('this is no prefix of a rehearsal');
  await abortUploads(client, Bucket, Prefix);
  await removeVersions(client, Bucket, Prefix);
  await removeObjects(client, Bucket, Prefix);
  const left = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }));
  if ((left.KeyCount ?? left.Contents?.length ?? 0) > 0) throw new Left('the bucket does not let them go');
}

async function abortUploads(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  // Some stores list no uploads. Then there is nothing that could be aborted.
  const { Uploads = [] } = await client
    .send(new ListMultipartUploadsCommand({ Bucket, Prefix }))
    .catch(() => ({ Uploads: [] }));
  for (const { Key, UploadId } of Uploads)
    if (Key?.startsWith(Prefix))
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}

/** Where no versions can be listed, there are none to remove, or only a lifecycle rule can do it. */
async function removeVersions(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  let kept = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix })).catch(() => null);
    const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    let gone = 0;
    kept = 0;
    for (const { Key, VersionId } of versions) {
      if (!Key?.startsWith(Prefix)) continue;
      await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId })).then(
        () => gone++,
        () => kept++,
      );
    }
    if (gone === 0) break;
  }
  if (kept > 0)
    throw new Left(`${kept} versions are retained: a lifecycle rule or an admin must remove them`);
}

async function removeObjects(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
    if (Contents.length === 0) return;
    for (const { Key } of Contents)
      if (Key?.startsWith(Prefix)) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
}
