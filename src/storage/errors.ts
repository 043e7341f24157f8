import { RetryableError } from '../errors.ts';
import { failureOf, nameOf, statusOf } from './error-facts.ts';
import { explain } from './error-words.ts';

export { statusOf } from './error-facts.ts';

/** What went wrong with the bucket, in one word that programs can compare. */
export type StorageErrorCode =
  | 'bucket_missing'
  | 'bucket_name'
  | 'bucket_forbidden'
  | 'bucket_credentials'
  | 'bucket_region'
  | 'bucket_unreachable'
  | 'bucket_stalled'
  | 'bucket_busy'
  | 'bucket_race'
  | 'bucket_clock'
  | 'bucket_full'
  | 'bucket_refused'
  | 'bucket_unable'
  | 'bucket_not_s3'
  | 'bucket_proxy'
  | 'bucket_tls'
  | 'bucket_kms'
  | 'bucket_failed'
  | 'bucket_unordered'
  | 'prefix_invalid'
  | 'object_missing'
  | 'object_archived'
  | 'object_retained'
  | 'object_conflict'
  | 'object_damaged'
  | 'link_too_long'
  | 'hold_not_kept'
  | 'aborted';

/** These often pass at once: a connection that was idle too long, two writers, a server that was restarted. */
export const PASSING: ReadonlySet<string> = new Set<StorageErrorCode>([
  'bucket_unreachable',
  'bucket_race',
  'bucket_failed',
]);

/** The store's own words about a failure. */
export interface StoreDetails {
  /** Its name for the failure, such as `AccessDenied`. */
  name: string;
  status: number | null;
  message: string;
  /** What the store's support asks for. */
  requestId: string | null;
}

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

/** Where the bucket is, for the error's sentence. */
export interface BucketPlace {
  name: string;
  /** The custom endpoint's host, or null for AWS itself. */
  endpointHost: string | null;
  /** What settings ask for with each write, as far as a store may refuse it. */
  asked?: {
    kmsKeyId?: string | undefined;
    storageClass?: string | undefined;
    tags?: Record<string, string> | undefined;
    expectedOwner?: string | undefined;
  };
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
