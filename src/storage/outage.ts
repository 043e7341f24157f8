import { type StorageError, type StorageErrorCode, statusOf } from './errors.ts';

/** Whether waiting can help (`passes`), or a person must change something (`person`). */
const KIND: Record<StorageErrorCode, 'passes' | 'person'> = {
  bucket_unreachable: 'passes',
  bucket_stalled: 'passes',
  bucket_busy: 'passes',
  bucket_race: 'passes',
  bucket_failed: 'passes',
  bucket_away: 'passes',
  // Nothing in the configuration is wrong. The clock may be set and room be made while the bot waits.
  bucket_clock: 'passes',
  bucket_full: 'passes',
  object_missing: 'passes',
  object_archived: 'passes',
  object_retained: 'passes',
  hold_not_kept: 'passes',
  object_conflict: 'passes',
  object_damaged: 'passes',
  aborted: 'passes',
  bucket_untrusted: 'person',
  bucket_proxy: 'person',
  bucket_kms: 'person',
  bucket_not_s3: 'person',
  bucket_unable: 'person',
  bucket_missing: 'person',
  bucket_name: 'person',
  bucket_forbidden: 'person',
  bucket_credentials: 'person',
  bucket_region: 'person',
  bucket_refused: 'person',
  bucket_unordered: 'person',
  prefix_invalid: 'person',
  link_too_long: 'person',
};

/** With these, credentials come from a service of the platform, which may be away. Source: the AWS SDKs' guide. */
const FROM_A_SERVICE = [
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** True when the bucket is away or busy, so that the same may work later without anybody's help. */
export function isBucketOutage(error: StorageError): boolean {
  const { name = '', message = '' } = (error.cause ?? {}) as { name?: string; message?: string };
  // S3 gives a request that it had to wait for too long a 400, some proxies a 408.
  if (name === 'RequestTimeout' || statusOf(error.cause) === 408) return true;
  if (error.code === 'bucket_credentials' && /could not load credentials/i.test(message))
    return FROM_A_SERVICE.some((variable) => process.env[variable]);
  return KIND[error.code] === 'passes';
}
