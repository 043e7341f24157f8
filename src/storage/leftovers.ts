import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { nameOf } from './error-facts.ts';
import { isNoUpload, statusOf, storageError } from './errors.ts';

const ROUNDS = 5;
const FIRST_PAUSE_MS = 100;

/**
 * Aborts every unfinished multipart upload of a key, so that nobody pays for leftover parts. It repeats until no
 * upload is listed: an abort may fail, and S3 may still register a part that was being sent. If the store does not
 * allow or know listing, it does nothing. Throws `StorageError` when uploads remain.
 */
export async function abortLeftovers(bucket: Bucket, key: string, signal?: AbortSignal): Promise<void> {
  let failure: unknown = null;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await sleep(FIRST_PAUSE_MS * 2 ** round, undefined, { signal });
    try {
      const uploads = await listUploads(bucket, key, signal);
      if (uploads.length === 0) return;
      await Promise.all(uploads.map((id) => abortUpload(bucket, key, id)));
    } catch (error) {
      if (isUnlistable(error)) return;
      failure = error;
    }
  }
  throw storageError(failure ?? new Error('Unfinished uploads could not be removed.'), bucket.place);
}

/** Stores that do not list uploads, or not for us, say so in many ways; gofakes3 says 404 when there never was one. */
const UNLISTABLE = new Set([400, 403, 404, 405, 501]);

/** Does this answer to a listing of uploads mean that none can be listed? Then there is nothing to clean up. */
export function isUnlistable(error: unknown): boolean {
  return UNLISTABLE.has(statusOf(error) ?? 0) && !REAL_FAILURES.has(nameOf(error));
}

/** With the same statuses, but about more than this listing. */
const REAL_FAILURES = new Set([
  'NoSuchBucket',
  'ExpiredToken',
  'InvalidToken',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'AuthorizationHeaderMalformed',
]);

async function listUploads(bucket: Bucket, key: string, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let page: ListMultipartUploadsCommandOutput | undefined;
  do {
    const command = new ListMultipartUploadsCommand({
      Bucket: bucket.name,
      Prefix: key,
      KeyMarker: page?.NextKeyMarker,
      UploadIdMarker: page?.NextUploadIdMarker,
    });
    page = await bucket.client.send(command, { abortSignal: signal });
    for (const { Key, UploadId } of page.Uploads ?? []) if (Key === key && UploadId) ids.push(UploadId);
  } while (page.IsTruncated && page.NextKeyMarker);
  return ids;
}

/** Aborts one multipart upload. It is no error when the upload has ended already. Throws what the SDK throws. */
export async function abortUpload(bucket: Bucket, key: string, UploadId: string): Promise<void> {
  try {
    await bucket.client.send(new AbortMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId }));
  } catch (error) {
    if (!isNoUpload(error)) throw error;
  }
}
