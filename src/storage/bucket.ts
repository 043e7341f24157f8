import type { S3Client } from '@aws-sdk/client-s3';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { Capabilities } from './capabilities.ts';
import { type BucketConfig, makeClients } from './client.ts';
import type { BucketPlace } from './errors.ts';
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
