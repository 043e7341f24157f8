import { RetryableError } from '../errors.ts';
import type { BucketPlace, StorageErrorCode, StoreDetails } from './error-codes.ts';
import { failureOf, nameOf, statusOf } from './error-facts.ts';
import { explain } from './error-words.ts';

export type { BucketPlace, StorageErrorCode } from './error-codes.ts';
export { statusOf } from './error-facts.ts';

/** These often pass at once: a connection that was idle too long, two writers, a server that was restarted. */
export const PASSING: ReadonlySet<string> = new Set<StorageErrorCode>([
  'bucket_unreachable',
  'bucket_race',
  'bucket_failed',
]);

/** A failure on the bucket's side. The message is one sentence for people; it holds no secret. */
export class StorageError extends RetryableError {
  declare readonly code: StorageErrorCode;
  /** What the store itself said, for the log. */
  readonly details: StoreDetails | undefined;

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null; details?: StoreDetails | undefined } = {},
  ) {
    super(code, message, options);
    this.name = 'StorageError';
    this.details = options.details;
  }
}

/** Is this S3's answer to a create-only write whose key is taken? */
export function isTaken(error: unknown): boolean {
  return statusOf(error) === 412;
}

/**
 * S3's names for an object or a version that is not there. The answer to a HEAD has no body with a name; the SDK then
 * says `NotFound`. Any other 404 is about something else: the bucket, an upload, a configuration that was never set.
 */
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);

/** Is this S3's answer for an object that is not there? */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && GONE.has(nameOf(error));
}

/** S3's answer to a listing of uploads, or to one upload, that is not there. Some stores have no other for "none". */
export function isNoUpload(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

/** Turns any error of the SDK into a `StorageError` that names the setting, right or machine to look at. */
export function storageError(error: unknown, place: BucketPlace): StorageError {
  if (error instanceof StorageError) return error;
  const failure = failureOf(error);
  const { name, status, message, requestId, headers } = failure;
  const { code, sentence } = explain(failure, place);
  const details = status === null ? undefined : { name, status, message, requestId };
  return new StorageError(code, sentence, { cause: error, retryAfterMs: retryAfter(headers), details });
}

function retryAfter(headers: Record<string, string | undefined>): number | null {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
