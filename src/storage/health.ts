import { HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { statusOf, storageError } from './errors.ts';
import { keyPrefix } from './inventory.ts';

/** Checks with a cheap request that the bucket answers. Throws `StorageError` if it does not within `timeoutMs`. */
export async function checkBucket(bucket: Bucket, timeoutMs = 5_000): Promise<void> {
  const { client, name: Bucket } = bucket;
  const abortSignal = AbortSignal.timeout(timeoutMs);
  try {
    await client.send(new HeadBucketCommand({ Bucket }), { abortSignal }).catch((error) => {
      // With `s3:ListBucket` for a prefix alone, this is forbidden. A listing of the prefix is not.
      if (statusOf(error) !== 403) throw error;
      const under = { Bucket, Prefix: keyPrefix(bucket), MaxKeys: 1 };
      return client.send(new ListObjectsV2Command(under), { abortSignal });
    });
  } catch (error) {
    const late = (error as Error).name === 'AbortError';
    throw storageError(
      late ? Object.assign(new Error('late'), { name: 'TimeoutError' }) : error,
      bucket.place,
    );
  }
}
