import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { type BucketConfig, type Clients, makeClients } from './client.ts';
import { type BucketPlace, PASSING, type StorageError } from './errors.ts';
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

const FIRST_PAUSE_MS = 100;

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
