import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bucket, createBucketFolder, openBucket } from './bucket.ts';
import { syncFolder } from './disk.ts';
import { S3Error } from './errors.ts';

/** All buckets under one folder. One process at a time may have it open. */
export interface Store {
  /** In order of name. */
  buckets(): Bucket[];
  /** @throws S3Error `NoSuchBucket`. */
  bucket(name: string): Bucket;
  has(name: string): boolean;
  /** @throws S3Error `InvalidBucketName`. */
  create(name: string): Promise<Bucket>;
  /** @throws S3Error `BucketNotEmpty`, `NoSuchBucket`. */
  remove(name: string): Promise<void>;
}

/** Opens the store, with what earlier runs left in it. */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const buckets = new Map<string, Bucket>();
  for (const name of await readdir(folder)) {
    // Folders with a capital are a creation or removal that was cut off; no bucket name has one.
    if (name !== name.toLowerCase()) await rm(join(folder, name), { recursive: true, force: true });
    else buckets.set(name, await openBucket(name, join(folder, name)));
  }

  const store: Store = {
    buckets: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    has: (name) => buckets.has(name),
    bucket(name) {
      const found = buckets.get(name);
      if (found) return found;
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', {
        elements: { BucketName: name },
      });
    },
    async create(name) {
      if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) {
        throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', {
          elements: { BucketName: name },
        });
      }
      const making = join(folder, `${name}.NEW`);
      await createBucketFolder(making, Date.now());
      await rename(making, join(folder, name));
      await syncFolder(folder);
      const bucket = await openBucket(name, join(folder, name));
      buckets.set(name, bucket);
      return bucket;
    },
    async remove(name) {
      if (store.bucket(name).keys.size > 0) {
        throw new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty');
      }
      buckets.delete(name);
      await rename(join(folder, name), join(folder, `${name}.OLD`));
      await syncFolder(folder);
      await rm(join(folder, `${name}.OLD`), { recursive: true });
    },
  };
  return store;
}
