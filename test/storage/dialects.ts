import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import { type S3Options, type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type Bucket, type BucketConfig, openBucket } from '../../src/storage/bucket.ts';

/** A server of the sandbox with a bucket for each way of speaking. */
export interface Speaking {
  server: S3Server;
  /** Opens a new bucket that speaks these dialects. */
  open(dialects: readonly DialectName[], config?: Partial<BucketConfig>): Promise<Bucket>;
  close(): Promise<void>;
}

/** Starts the sandbox's S3 for the tests of one file. */
export async function openDialects(options: Partial<S3Options> = {}): Promise<Speaking> {
  const credentials = { accessKeyId: 'sandboxkey', secretAccessKey: 'sandboxsecret' };
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  const dir = await mkdtemp(join(tmpdir(), 'vault-s3-'));
  const names = Array.from({ length: 30 }, (_, i) => `vault-${i}`);
  const server = await startS3({ dir, credentials, buckets: names, ...options });
  const opened: Bucket[] = [];
  return {
    server,
    async open(dialects, config = {}) {
      const name = names[opened.length] as string;
      await server.speak(name, [...dialects]);
      const { endpoint } = server;
      const bucket = await openBucket({
        bucket: name,
        prefix: 'p',
        pathStyle: true,
        endpoint,
        maxAttempts: 1,
        ...config,
      });
      opened.push(bucket);
      return bucket;
    },
    async close() {
      for (const bucket of opened) bucket.close();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
