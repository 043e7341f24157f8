import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type Bucket, type BucketConfig, openBucket } from '../../src/storage/bucket.ts';
import { abortLeftovers } from '../../src/storage/leftovers.ts';
import { removeObject } from '../../src/storage/remove.ts';

/** Small, so that parts do not need bodies of a gigabyte. */
export const SINGLE_PUT_BYTES = 30 * 1024 * 1024;

/** The bucket that the storage tests run against. */
export interface Target {
  config: BucketConfig;
  endpoint: string | undefined;
  bucket: Bucket;
  /** The sandbox's own server, if no other endpoint was named. */
  sandbox: S3Server | null;
  /** All keys under the tests' prefix: objects, versions, markers. */
  keys: () => Promise<string[]>;
  /** Keys of unfinished multipart uploads under the tests' prefix. */
  uploads: () => Promise<string[]>;
  close: () => Promise<void>;
}

export interface TargetOptions {
  versioning?: boolean;
  stallMs?: number;
  /** For tests that break the store on purpose. */
  sandboxOnly?: boolean;
}

/**
 * Opens the bucket that `VAULT_BUCKET` and the AWS variables name, under a new prefix that is emptied at the
 * end; without `VAULT_BUCKET`, a bucket of the sandbox's S3 server.
 */
export async function openTarget(options: TargetOptions = {}): Promise<Target> {
  const named = options.sandboxOnly ? undefined : process.env.VAULT_BUCKET;
  const dir = named ? null : await mkdtemp(join(tmpdir(), 'vault-s3-'));
  const sandbox = dir ? await startSandbox(dir, options.versioning ?? false) : null;
  const endpoint = sandbox?.endpoint ?? process.env.AWS_ENDPOINT_URL_S3;
  const config: BucketConfig = {
    bucket: named ?? 'vault',
    prefix: `storage-test/${randomUUID()}`,
    pathStyle: process.env.VAULT_S3_PATH_STYLE === '1' || endpoint !== undefined,
    endpoint: sandbox?.endpoint,
    stallMs: options.stallMs,
    singlePutBytes: SINGLE_PUT_BYTES,
  };
  const bucket = await openBucket(config);
  const keys = async () => {
    const page = await bucket.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket.name, Prefix: bucket.prefix }),
    );
    return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key }) => Key ?? '');
  };
  const uploads = async () => {
    const page = await bucket.client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: bucket.prefix }),
    );
    return (page.Uploads ?? []).map(({ Key }) => Key ?? '');
  };
  return {
    config,
    endpoint,
    bucket,
    sandbox,
    keys,
    uploads,
    async close() {
      for (const key of await keys()) await removeObject(bucket, key);
      for (const key of await uploads()) await abortLeftovers(bucket, key);
      bucket.close();
      await sandbox?.close();
      if (dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startSandbox(dir: string, versioning: boolean): Promise<S3Server> {
  const credentials = { accessKeyId: 'sandboxkey', secretAccessKey: 'sandboxsecret' };
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  return startS3({ dir, credentials, buckets: ['vault'], versioning });
}
