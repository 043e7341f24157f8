import { createHash } from 'node:crypto';
import type { Bucket } from '../storage/bucket.ts';
import { type StorageError, statusOf, storageError } from '../storage/errors.ts';
import type { Situation } from './situation.ts';

/** The one object that the doctor writes, in a folder that no listing of files shows, and removes again. */
export function trialKey({ prefix }: Pick<Bucket, 'prefix'>): string {
  return [prefix, '.vault-probe', 'doctor'].filter(Boolean).join('/');
}

export const TRIAL = Buffer.from('RIA Vault: written by npm run doctor, and removed again.\n');

/** As S3 wants it for a bucket that retains new objects. */
export const TRIAL_MD5 = createHash('md5').update(TRIAL).digest('base64');

/** The bucket of a situation; checks that need `bucket.reach` have one. */
export function bucketOf({ found }: Situation): Bucket {
  if (found.bucket === undefined) throw new TypeError('the bucket was not opened');
  return found.bucket;
}

/** What a request came to: its answer, or its failure as a sentence, with whether it is for want of a right. */
export type Tried<T> =
  | { answer: T; error: null }
  | { answer: null; error: StorageError; isRefused: boolean; status: number | null };

/** Sends one request of a right that is looked at. */
export async function tryRequest<T>(bucket: Bucket, send: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { answer: await send(), error: null };
  } catch (cause) {
    const error = storageError(cause, bucket.place);
    return { answer: null, error, isRefused: error.code === 'bucket_forbidden', status: statusOf(cause) };
  }
}
