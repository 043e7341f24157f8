import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { type S3Options, type S3Server, startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, credentials } from './identity.ts';

export { Bucket, credentials };

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vault-s3-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A client with the SDK's defaults, except for the endpoint. */
export function client(endpoint: string, config: S3ClientConfig = {}): S3Client {
  const made = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, ...config });
  onTestFinished(() => made.destroy());
  return made;
}

/** A server and a client for one test; both stop automatically. */
export async function sandbox(
  options: Partial<S3Options> = {},
  config: S3ClientConfig = {},
): Promise<{ server: S3Server; s3: S3Client; dir: string }> {
  const dir = options.dir ?? (await temporaryFolder());
  const server = await startS3({ credentials, buckets: [Bucket], ...options, dir });
  onTestFinished(() => server.close());
  return { server, s3: client(server.endpoint, config), dir };
}

/** Bytes that do not compress and do not repeat. */
export function bytes(length: number): Buffer {
  return randomBytes(length);
}

/** The code and status that an SDK call fails with; fails the test when it does not. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { code: name, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call was expected to fail');
}

/** The data files in the bucket's folder: one for each version of an object and each part. */
export function leftovers(dir: string): Promise<string[]> {
  return readdir(join(dir, 'buckets', Bucket, 'data'));
}
