import type { S3Client } from '@aws-sdk/client-s3';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { Capabilities } from './capabilities.ts';
import { type BucketConfig, makeClients } from './client.ts';
import { type BucketPlace, StorageError } from './errors.ts';
import { type Probed, probe } from './probe.ts';
import type { SendPut } from './send-put.ts';

export type { Capabilities } from './capabilities.ts';
export type { BucketConfig } from './client.ts';

/** An open bucket. Every function in this folder works on one. */
export interface Bucket {
  name: string;
  /** Clean: no slash at either end. */
  prefix: string;
  /** As last seen. They may become better while the bucket is open. */
  capabilities: Capabilities;
  place: BucketPlace;
  client: S3Client;
  /** For links alone, where they are not signed as requests are. */
  links?: S3Client;
  /** The store's address for people's browsers, where it is another one. */
  linkEndpoint?: string | undefined;
  /** Longer bodies go up in parts, in bytes. */
  singlePutBytes: number;
  sendPut: SendPut;
  /** Closes idle connections. Call it after the last transfer. */
  close: () => void;
}

/** When to look again at a bucket that may be able to do more than it showed at the start, one after the other. */
const AGAIN_MS = [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS];
/** While the bucket may be away, a silent connection is given up sooner, so that its return is noticed soon. */
const TRIAL_STALL_MS = 10_000;

/**
 * Opens the bucket and tries out what it can do (see `probe`).
 * Throws `StorageError` with a sentence that names the variable to look at: `bucket_missing`, `bucket_forbidden`,
 * `bucket_credentials`, `bucket_region`, `bucket_unreachable`, `bucket_name`, `prefix_invalid`, …
 */
export async function openBucket(config: BucketConfig): Promise<Bucket> {
  const clients = await makeClients(config);
  try {
    const { able, doubtful } = await probe(clients, config.maxAttempts);
    const bucket: Bucket = { name: config.bucket, capabilities: able, ...clients };
    if (doubtful) lookAgain(bucket, () => probe(clients, config.maxAttempts));
    return bucket;
  } catch (error) {
    clients.close();
    throw error;
  }
}

/**
 * A richer write failed at the start in a way that often passes. The bucket works, more simply than it could, and what
 * it can do is tried again a few times. A store that fails so every time keeps its simpler writes until the next start.
 */
function lookAgain(bucket: Bucket, look: () => Promise<Probed>): void {
  const { close } = bucket;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const plan = (round: number) => {
    const waitMs = AGAIN_MS[round];
    if (waitMs === undefined || isClosed) return;
    timer = setTimeout(async () => {
      const found = await look().catch(() => null);
      if (found === null || found.doubtful) plan(round + 1);
      else bucket.capabilities = found.able;
    }, waitMs);
    timer.unref();
  };
  plan(0);
  bucket.close = () => {
    isClosed = true;
    clearTimeout(timer);
    close();
  };
}

/**
 * A bucket that may be away: where it is, is known at once; what it can do, only after a `learn` that succeeded. Until
 * then, to ask for its capabilities throws `StorageError` `bucket_away`. `learn` tries once, and throws like
 * `openBucket`. Throws `StorageError` when the configuration alone cannot work.
 */
export async function nameBucket(
  config: BucketConfig,
): Promise<{ bucket: Bucket; learn: () => Promise<void> }> {
  const name = config.bucket;
  const clients = await makeClients(config);
  let known: Capabilities | undefined;
  const bucket: Bucket = {
    ...{ name, ...clients },
    get capabilities() {
      if (known === undefined)
        throw new StorageError('bucket_away', `The bucket "${name}" has not answered since the start.`);
      return known;
    },
    set capabilities(able) {
      known = able;
    },
  };
  const learn = async () => {
    const trial = await makeClients({ ...config, stallMs: TRIAL_STALL_MS, maxAttempts: 1 });
    try {
      const { able, doubtful } = await probe(trial);
      bucket.capabilities = able;
      if (doubtful) lookAgain(bucket, () => probe(clients, config.maxAttempts));
    } finally {
      trial.close();
    }
  };
  return { bucket, learn };
}
