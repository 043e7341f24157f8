import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bucket, createBucketFolder, openBucket } from './bucket.ts';
import { syncFolder } from './disk.ts';
import { S3Error } from './errors.ts';
import { isBucketName } from './names.ts';
import { queueByName } from './queue.ts';

/** All buckets under one folder. One process at a time may have it open. */
export interface Store {
  /** In order of name. */
  buckets(): Bucket[];
  /** @throws S3Error `NoSuchBucket`. */
  bucket(name: string): Bucket;
  has(name: string): boolean;
  /** Returns the existing bucket if there is one. @throws S3Error `InvalidBucketName`. */
  create(name: string): Promise<Bucket>;
  /** @throws S3Error `BucketNotEmpty`, `NoSuchBucket`. */
  remove(name: string): Promise<void>;
  /** Lets another process have the folder. */
  close(): void;
}

/**
 * Takes the folder for this process: a second one would remove what the first is writing. SQLite's lock
 * is one that the system itself releases when a process is killed.
 */
function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, 'lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error('the folder of the S3 sandbox is in use by another process', { cause });
  }
  return lock;
}

/** Opens the store, with what earlier runs left in it. @throws Error when another process has it open. */
export async function openStore(root: string): Promise<Store> {
  const folder = join(root, 'buckets');
  await mkdir(folder, { recursive: true });
  const lock = lockFolder(root);
  const inTurn = queueByName();
  const buckets = new Map<string, Bucket>();
  for (const name of await readdir(folder)) {
    // Folders with a capital letter come from an interrupted creation or removal; no bucket name has one.
    if (name !== name.toLowerCase()) await rm(join(folder, name), { recursive: true, force: true });
    else buckets.set(name, await openBucket(name, join(folder, name)));
  }

  const store: Store = {
    close: () => lock.close(),
    buckets: () => [...buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    has: (name) => buckets.has(name),
    bucket(name) {
      const found = buckets.get(name);
      if (found) return found;
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', {
        elements: { BucketName: name },
      });
    },
    create: (name) =>
      inTurn(name, async () => {
        if (!isBucketName(name)) {
          throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', {
            elements: { BucketName: name },
          });
        }
        const existing = buckets.get(name);
        if (existing) return existing;
        const making = join(folder, `${name}.NEW`);
        await createBucketFolder(making, Date.now());
        await rename(making, join(folder, name));
        await syncFolder(folder);
        const bucket = await openBucket(name, join(folder, name));
        buckets.set(name, bucket);
        return bucket;
      }),
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
