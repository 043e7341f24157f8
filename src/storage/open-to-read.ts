import type { Bucket } from './bucket.ts';
import { type BucketConfig, makeClients } from './client.ts';
import { listPage } from './inventory.ts';
import { takesMode } from './probe.ts';

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
    const [object] = (await listPage(bucket, '')).objects;
    const mode =
      object === undefined ? 'unknown' : await takesMode(clients, object.key).catch(() => 'unknown');
    const checksumMode = mode === true;
    return { ...bucket, capabilities: { ...capabilities, checksumMode } };
  } catch (error) {
    clients.close();
    throw error;
  }
}
