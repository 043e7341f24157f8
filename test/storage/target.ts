import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type Bucket, type BucketConfig, openBucket } from '../../src/storage/bucket.ts';
import { statusOf } from '../../src/storage/errors.ts';
import { abortLeftovers } from '../../src/storage/leftovers.ts';
import { removeObject } from '../../src/storage/remove.ts';

/** Small, so that parts do not need bodies of a gigabyte. */
export const SINGLE_PUT_BYTES = 30 * 1024 * 1024;

/** The bucket that the storage tests run against. */
export interface Target {
  config: BucketConfig;
  endpoint: string | undefined;
  bucket: Bucket;
  /** The sandbox's own server; null for any other store, and for one that the sandbox plays. */
  sandbox: S3Server | null;
  /** All keys under the tests' prefix: objects, and where the store lists them, versions and markers. */
  keys: () => Promise<string[]>;
  /** Keys of unfinished multipart uploads under the tests' prefix; none where the store does not list them. */
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
 * end; without `VAULT_BUCKET`, a bucket of the sandbox's S3 server. That one speaks the dialects that
 * `STORAGE_DIALECT` names (`ceph`, or several with commas; `versioned` is one); see sandbox/s3/dialects.
 */
export async function openTarget(options: TargetOptions = {}): Promise<Target> {
  const named = options.sandboxOnly ? undefined : process.env.VAULT_BUCKET;
  const dir = named ? null : await mkdtemp(join(tmpdir(), 'vault-s3-'));
  const dialects = options.sandboxOnly ? [] : namedDialects();
  const server = dir
    ? await startSandbox(dir, dialects.length === 0 && options.versioning === true, dialects)
    : null;
  const endpoint = server?.endpoint ?? process.env.AWS_ENDPOINT_URL_S3;
  const config: BucketConfig = {
    bucket: named ?? 'vault',
    prefix: `storage-test/${randomUUID()}`,
    pathStyle: process.env.VAULT_S3_PATH_STYLE === '1' || endpoint !== undefined,
    endpoint: server?.endpoint,
    stallMs: options.stallMs,
    singlePutBytes: SINGLE_PUT_BYTES,
  };
  const bucket = await openBucket(config);
  const about = { Bucket: bucket.name, Prefix: bucket.prefix };
  const keys = async () => {
    const versions = await unlessUnknown(bucket.client.send(new ListObjectVersionsCommand(about)));
    if (versions)
      return [...(versions.Versions ?? []), ...(versions.DeleteMarkers ?? [])].map(({ Key }) => Key ?? '');
    const page = await bucket.client.send(new ListObjectsV2Command(about));
    return (page.Contents ?? []).map(({ Key }) => Key ?? '');
  };
  const uploads = async () => {
    const page = await unlessUnknown(bucket.client.send(new ListMultipartUploadsCommand(about)));
    return (page?.Uploads ?? []).map(({ Key }) => Key ?? '');
  };
  return {
    config,
    endpoint,
    bucket,
    sandbox: dialects.length > 0 ? null : server,
    keys,
    uploads,
    async close() {
      if (!server) await emptied(bucket, keys);
      if (!server) for (const key of await uploads()) await abortLeftovers(bucket, key);
      bucket.close();
      await server?.close();
      if (dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Removes everything. Swift (seen: 2.30, 2.35) answers 404 NoSuchBucket when it removes a version whose key is the
 * beginning of another key, and has removed it all the same; so what fails is tried once more.
 */
async function emptied(bucket: Bucket, keys: () => Promise<string[]>): Promise<void> {
  const left = await Promise.allSettled((await keys()).map((key) => removeObject(bucket, key)));
  if (left.every(({ status }) => status === 'fulfilled')) return;
  for (const key of await keys()) await removeObject(bucket, key);
}

/** What a store without such a call, or a policy without the right, says to it. */
const UNKNOWN = new Set([400, 403, 404, 405, 501]);

async function unlessUnknown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (UNKNOWN.has(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/** The dialects that the whole suite is to run with. */
function namedDialects(): DialectName[] {
  return (process.env.STORAGE_DIALECT ?? '').split(',').filter(Boolean) as DialectName[];
}

async function startSandbox(dir: string, versioning: boolean, dialects: DialectName[]): Promise<S3Server> {
  const credentials = { accessKeyId: 'sandboxkey', secretAccessKey: 'sandboxsecret' };
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  return startS3({ dir, credentials, buckets: ['vault'], versioning, dialects });
}
