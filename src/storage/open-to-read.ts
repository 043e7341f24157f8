import type { Bucket } from './bucket.ts';
import { type BucketConfig, makeClients } from './client.ts';
import { listPage } from './inventory.ts';

/**
 * Opens the bucket only for reading. Nothing is written, so what the bucket can do is not tried, and the least is
 * assumed. Throws `StorageError` as `openBucket` does.
 */
export async function openBucketToRead(config: BucketConfig): Promise<Bucket> {
  const clients = await makeClients(config);
  const nothing = { trailers: false, conditionalPut: false, checksums: false, etagIsMd5: false };
  const capabilities = { ...nothing, versioning: 'unknown', proof: 'size' } as const;
  const bucket: Bucket = { name: config.bucket, capabilities, ...clients };
  try {
    await listPage(bucket, '');
    return bucket;
  } catch (error) {
    clients.close();
    throw error;
  }
}
