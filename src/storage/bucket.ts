import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { type BucketConfig, type Clients, makeClients } from './client.ts';
import { type BucketPlace, PASSING, StorageError } from './errors.ts';
import { type Capabilities, probe } from './probe.ts';
import type { SendPut } from './send-put.ts';

export type { BucketConfig } from './client.ts';
export type { Capabilities } from './probe.ts';

/** An open bucket. Every function in this folder works on one. */
export interface Bucket {
  name: string;
  /** Clean: no slash at either end. */
  prefix: string;
  capabilities: Capabilities;
  place: BucketPlace;
  client: S3Client;
  /** Longer bodies go up in parts, in bytes. */
  singlePutBytes: number;
  sendPut: SendPut;
  /** Closes idle connections. Call it after the last transfer. */
  close: () => void;
}

const FIRST_PAUSE_MS = 100;
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
    return { name: config.bucket, capabilities: await learn(clients, config.maxAttempts), ...clients };
  } catch (error) {
    clients.close();
    throw error;
  }
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
  };
  const learn = async () => {
    const trial = await makeClients({ ...config, stallMs: TRIAL_STALL_MS, maxAttempts: 1 });
    try {
      known = await probe(trial);
    } finally {
      trial.close();
    }
  };
  return { bucket, learn };
}

/** A probe tries each request once. A brief failure of one request must not stop the bot from starting. */
async function learn(clients: Clients, maxAttempts = 3): Promise<Capabilities> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await probe(clients);
    } catch (error) {
      const { code } = error as StorageError;
      if (attempt >= maxAttempts || !(PASSING.has(code) || code === 'bucket_busy')) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }
}
