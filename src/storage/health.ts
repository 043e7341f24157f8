import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { storageError } from './errors.ts';

/** Checks with one cheap request that the bucket answers. Throws `StorageError` if it does not within `timeoutMs`. */
export async function checkBucket(bucket: Bucket, timeoutMs = 5_000): Promise<void> {
  try {
    const command = new HeadBucketCommand({ Bucket: bucket.name });
    await bucket.client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const late = (error as Error).name === 'AbortError';
    throw storageError(
      late ? Object.assign(new Error('late'), { name: 'TimeoutError' }) : error,
      bucket.place,
    );
  }
}
