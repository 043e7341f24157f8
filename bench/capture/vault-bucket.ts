import type { Bucket } from '../../src/storage/bucket.ts';
import { makeClients } from '../../src/storage/client.ts';
import type { Place } from './side.ts';

/** The sink as the vault's own code sees a bucket, with what S3 can do; the sink itself is not asked. */
export async function vaultBucket({ endpoint, bucket: name }: Place): Promise<Bucket> {
  const clients = await makeClients({ bucket: name, prefix: '', pathStyle: true, endpoint });
  const all = { trailers: true, conditionalPut: true, checksums: true, etagIsMd5: false };
  return { name, capabilities: { ...all, versioning: false, proof: 'crc32' }, ...clients };
}
