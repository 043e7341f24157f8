import { RetryableError } from '../errors.ts';

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
  | 'bucket_failed'
  | 'bucket_unordered'
  | 'bucket_away'
  | 'prefix_invalid'
  | 'object_missing'
  | 'object_conflict'
  | 'object_damaged'
  | 'link_too_long'
  | 'aborted';

/** These often pass at once: a connection that was idle too long, two writers, a server that was restarted. */
export const PASSING: ReadonlySet<string> = new Set<StorageErrorCode>([
  'bucket_unreachable',
  'bucket_race',
  'bucket_failed',
]);

/** A failure on the bucket's side. The message is one sentence for people; it holds no secret. */
export class StorageError extends RetryableError {
  declare readonly code: StorageErrorCode;

  constructor(
    code: StorageErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null } = {},
  ) {
    super(code, message, options);
    this.name = 'StorageError';
  }
}

/** The parts of an SDK error that matter here. Each may be missing. */
interface SdkError {
  name?: string;
  code?: string;
  message?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string | undefined> };
}

/** Where the bucket is, for the error's sentence. */
export interface BucketPlace {
  name: string;
  /** The custom endpoint's host, or null for AWS itself. */
  endpointHost: string | null;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPROTO',
  'UND_ERR_SOCKET',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const BAD_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'TokenRefreshRequired',
]);

const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'InvalidRegionName',
]);

/** The HTTP status of an SDK error, or null when no answer came. */
export function statusOf(error: unknown): number | null {
  return (error as SdkError | null)?.$metadata?.httpStatusCode ?? null;
}

/** S3's own name for an error (`NoSuchKey`, `AccessDenied`, …) or Node's (`ECONNRESET`). */
function nameOf(error: unknown): string {
  const { Code, code, name } = (error ?? {}) as SdkError;
  return Code ?? (name && name !== 'Error' ? name : code) ?? 'Error';
}

/** Is this S3's answer to a create-only write whose key is taken? */
export function isTaken(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** Is this S3's answer for an object that is not there? */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

/** Turns any error of the SDK into a `StorageError` that names the setting to look at. */
export function storageError(error: unknown, place: BucketPlace): StorageError {
  if (error instanceof StorageError) return error;
  const name = nameOf(error);
  const status = statusOf(error);
  const { code = '', message = '', $response } = (error ?? {}) as SdkError;
  const make = (kind: StorageErrorCode, sentence: string) =>
    new StorageError(kind, sentence, { cause: error, retryAfterMs: retryAfter($response?.headers) });

  if (name === 'AbortError') return make('aborted', 'The transfer to the bucket was stopped.');
  if (/could not load credentials/i.test(message) || BAD_CREDENTIALS.has(name))
    return make(
      'bucket_credentials',
      `The bucket's store does not accept the credentials (${name}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE).`,
    );
  if (/region is missing/i.test(message))
    return make(
      'bucket_region',
      `No region is set; set AWS_REGION to the region of the bucket "${place.name}".`,
    );
  if (status === 301 || status === 307 || WRONG_REGION.has(name))
    return make('bucket_region', wrongRegion(place, $response));
  if (name === 'NoSuchBucket')
    return make(
      'bucket_missing',
      `There is no bucket "${place.name}"; set VAULT_BUCKET to an existing bucket, or create it.`,
    );
  if (name === 'InvalidBucketName')
    return make(
      'bucket_name',
      `"${place.name}" cannot be a bucket's name; set VAULT_BUCKET to the name alone, without s3:// or slashes.`,
    );
  if (name === 'RequestTimeTooSkewed')
    return make(
      'bucket_clock',
      "This machine's clock differs from the bucket's by more than 15 minutes; set the clock right.",
    );
  // The SDK also calls a reset connection a time-out, so the codes are checked first.
  if (UNREACHABLE.has(code))
    return make(
      'bucket_unreachable',
      `${where(place)} could not be reached (${code}); check AWS_ENDPOINT_URL_S3 and the network.`,
    );
  if (name === 'TimeoutError' || code === 'ETIMEDOUT' || /^UND_ERR_\w+_TIMEOUT$/.test(code))
    return make(
      'bucket_stalled',
      `${where(place)} did not answer in time; if this lasts, check AWS_ENDPOINT_URL_S3 and the network.`,
    );
  if (name === 'SlowDown' || status === 503 || status === 429)
    return make('bucket_busy', `${where(place)} is busy (${name}); it will be tried again.`);
  if (status === 409) return make('bucket_race', 'Two writers met at the same key; it will be tried again.');
  if (name === 'QuotaExceeded' || status === 507)
    return make(
      'bucket_full',
      `The bucket "${place.name}" is full (${name}); raise its quota or free space.`,
    );
  if (status === 403)
    return make(
      'bucket_forbidden',
      `These credentials may not do this in the bucket "${place.name}" (${name}); grant them what docs/storage.md lists, or check VAULT_BUCKET.`,
    );
  if (name === 'BadDigest' || name === 'InvalidDigest')
    return make('object_damaged', 'The bytes were damaged on their way to the bucket, which refused them.');
  if (status !== null && status >= 500)
    return make('bucket_failed', `${where(place)} failed (${name}, ${status}); it will be tried again.`);
  return make(
    'bucket_refused',
    `${where(place)} refused the request (${name}${status ? `, ${status}` : ''}).`,
  );
}

function where(place: BucketPlace): string {
  return place.endpointHost ? `The bucket's store at ${place.endpointHost}` : 'S3';
}

function wrongRegion(place: BucketPlace, response: SdkError['$response']): string {
  const region = response?.headers?.['x-amz-bucket-region'];
  return region
    ? `The bucket "${place.name}" is in ${region}; set AWS_REGION=${region}.`
    : `The bucket "${place.name}" is not in the region asked; set AWS_REGION to its region.`;
}

function retryAfter(headers: Record<string, string | undefined> | undefined): number | null {
  const seconds = Number(headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
