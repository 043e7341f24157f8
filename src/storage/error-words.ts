import type { BucketPlace } from './error-codes.ts';
import type { Failure } from './error-facts.ts';
import { type Explained, notS3, proxy, type Reason, silence, where } from './error-network.ts';

/** Says what a failure at the bucket means, and which setting, right or machine to look at. */
export function explain(given: Failure, place: BucketPlace): Explained {
  // A bucket, key or role may be called anything, `worm` or `KMS` too.
  const failure = { ...given, message: given.message.replace(/\barn:[^\s"]+/g, '…') };
  for (const reason of REASONS) {
    const found = reason(failure, place);
    if (found !== null) return found;
  }
  const { name, status } = failure;
  return {
    code: 'bucket_refused',
    sentence: `${where(place)} refused the request (${name}${status === null || name === String(status) ? '' : `, ${status}`}).${saying(failure)}`,
  };
}

/** The store's own words, at the end of a sentence that does not tell all. */
function saying({ message, name, status }: Failure): string {
  if (status === null || message === '' || message === name || /^(UnknownError|status \d+)$/.test(message))
    return '';
  return ` It says: "${message}"`;
}

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);
const BAD_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);
const WRONG_REGION = new Set([
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'InvalidRegionName',
]);
const LATE = new Set(['RequestTimeTooSkewed', 'RequestExpired']);
/** What Object Lock says, on AWS ("…protected by object lock"), Ceph ("…forbidden by object lock") and MinIO ("…is WORM protected"). */
const LOCKED =
  /object ?lock|WORM|under retention|retention (period|date)|legal hold|retain until|^ObjectLocked$/i;
const FULL = /quota|storage ?(cap|limit)|StorageFull|InsufficientStorage|not enough (disk )?space/i;

/** In the order in which they are tried: what a name says first, then what only a status says. */
const REASONS: Reason[] = [
  ({ name }) =>
    name === 'AbortError' ? { code: 'aborted', sentence: 'The transfer to the bucket was stopped.' } : null,

  ({ name, message }) => {
    if (EXPIRED.has(name))
      return {
        code: 'bucket_credentials',
        sentence: `The credentials for the bucket have expired (${name}); renew them, or give the bot a role that renews them by itself.`,
      };
    if (!/could not load credentials/i.test(message) && !BAD_CREDENTIALS.has(name)) return null;
    return {
      code: 'bucket_credentials',
      sentence: `The bucket's store does not accept the credentials (${name}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE).`,
    };
  },

  ({ message }, place) =>
    /region is missing/i.test(message)
      ? {
          code: 'bucket_region',
          sentence: `No region is set; set AWS_REGION to the region of the bucket "${place.name}".`,
        }
      : null,

  notS3,
  proxy,

  ({ status, name, region }, place) => {
    if (status !== 301 && status !== 307 && !WRONG_REGION.has(name)) return null;
    const sentence = region
      ? `The bucket "${place.name}" is in ${region}; set AWS_REGION=${region}.`
      : `The bucket "${place.name}" is not in the region asked; set AWS_REGION to its region.`;
    return { code: 'bucket_region', sentence };
  },

  ({ name }, place) =>
    name === 'NoSuchBucket'
      ? {
          code: 'bucket_missing',
          sentence: `There is no bucket "${place.name}"; set VAULT_BUCKET to an existing bucket, or create it.`,
        }
      : null,
  ({ name }, place) =>
    name === 'InvalidBucketName'
      ? {
          code: 'bucket_name',
          sentence: `"${place.name}" cannot be a bucket's name; set VAULT_BUCKET to the name alone, without s3:// or slashes.`,
        }
      : null,

  ({ name, status, message }) =>
    LATE.has(name) || (status === 403 && /request has expired|too skewed/i.test(message))
      ? {
          code: 'bucket_clock',
          sentence:
            "This machine's clock differs from the bucket's by more than 15 minutes; set the clock right.",
        }
      : null,

  silence,

  archived,
  kms,

  ({ name, status, message }, place) =>
    (status === 400 || status === 403 || status === 409 || status === 412) &&
    (LOCKED.test(name) || LOCKED.test(message)) &&
    !/header is required|missing .*configuration/i.test(message)
      ? {
          code: 'object_retained',
          sentence: `The bucket "${place.name}" keeps this object: Object Lock's retention or a legal hold does not let it go yet.`,
        }
      : null,

  ({ name, status, message }, place) =>
    status === 507 || FULL.test(name) || ((status === 403 || status === 400) && FULL.test(message))
      ? {
          code: 'bucket_full',
          sentence: `The bucket "${place.name}" is full (${name}); raise its quota or free space.`,
        }
      : null,

  settings,

  ({ name, status }, place) =>
    name === 'SlowDown' || status === 503 || status === 429
      ? { code: 'bucket_busy', sentence: `${where(place)} is busy (${name}); it will be tried again.` }
      : null,
  ({ name, status }) =>
    status === 409 && name !== 'InvalidBucketState'
      ? { code: 'bucket_race', sentence: 'Two writers met at the same key; it will be tried again.' }
      : null,

  forbidden,

  ({ name }) =>
    name === 'BadDigest' || name === 'InvalidDigest' || name === 'XAmzContentSHA256Mismatch'
      ? {
          code: 'object_damaged',
          sentence: 'The bytes were damaged on their way to the bucket, which refused them.',
        }
      : null,

  // To ask again does not teach a store what it does not know.
  (failure, place) =>
    failure.status === 501 || failure.name === 'NotImplemented'
      ? {
          code: 'bucket_unable',
          sentence: `${where(place)} does not know this kind of request (${failure.name}, ${failure.status ?? 501}); docs/storage.md lists the stores that were tried.${saying(failure)}`,
        }
      : null,
  (failure, place) =>
    failure.status !== null && failure.status >= 500
      ? {
          code: 'bucket_failed',
          sentence: `${where(place)} failed (${failure.name}, ${failure.status}); it will be tried again.${saying(failure)}`,
        }
      : null,
];

function archived({ name, storageClass }: Failure): Explained | null {
  if (name !== 'InvalidObjectState') return null;
  const tier = storageClass === null ? 'an archive class' : `the archive class ${storageClass}`;
  return {
    code: 'object_archived',
    sentence: `The object is in ${tier} and cannot be read as it is; restore it in the bucket first.`,
  };
}

/** Key policies answer through S3: as KMS's own errors, or as an AccessDenied whose message names a right of KMS. */
function kms({ name, message, status }: Failure, place: BucketPlace): Explained | null {
  const right = /kms:\w+/.exec(message)?.[0];
  if (!/^KMS/.test(name) && !(status !== null && status < 500 && (right || /\bKMS\b/.test(message))))
    return null;
  const key = place.asked?.kmsKeyId ? ' VAULT_S3_SSE_KMS_KEY_ID names the key for what is written.' : '';
  const why =
    right === undefined
      ? `cannot be used (${name}): it must exist, be enabled and be in the bucket's region.`
      : `does not let these credentials do ${right}; allow it in the key's policy and in theirs (docs/storage.md).`;
  return { code: 'bucket_kms', sentence: `The encryption key of this object or bucket ${why}${key}` };
}

/** What only our own settings can have caused. */
function settings(failure: Failure, { asked = {} }: BucketPlace): Explained | null {
  const { name, message, status } = failure;
  const wrong = (variable: string) => ({
    code: 'bucket_refused' as const,
    sentence: `The bucket's store does not take what ${variable} says (${name}).${saying(failure)}`,
  });
  if (status === null || status >= 500 || status < 400) return null;
  if (asked.storageClass && (name === 'InvalidStorageClass' || /storage.?class/i.test(message)))
    return wrong('VAULT_S3_STORAGE_CLASS');
  if (asked.tags && (name === 'InvalidTag' || /tagging|\btags?\b/i.test(message)) && status !== 403)
    return wrong('VAULT_S3_TAGS');
  if (asked.kmsKeyId && status === 400 && /encrypt|\bSSE\b/i.test(message))
    return wrong('VAULT_S3_SSE_KMS_KEY_ID');
  return null;
}

/** AWS names the right that is missing and the kind of policy that denies; other stores say less. */
function forbidden(failure: Failure, place: BucketPlace): Explained | null {
  const { status, name, message } = failure;
  if (status !== 403 && status !== 401) return null;
  const right = /not authorized to perform: "?([\w-]+:\w+)/.exec(message)?.[1];
  const denied = /with an explicit deny in an? ([\w -]+? policy|[\w -]+? boundary)\b/.exec(message)?.[1];
  const what = right === undefined ? 'may not do this' : `may not do ${right}`;
  const remedy =
    denied === undefined
      ? 'grant them what docs/storage.md lists, or check VAULT_BUCKET, and that VAULT_PREFIX is the prefix that their policy allows'
      : `an explicit deny in a ${denied} says so; see docs/storage.md for what the vault sends`;
  const owner = place.asked?.expectedOwner
    ? ' VAULT_S3_EXPECTED_OWNER is set: it must be the account of the bucket.'
    : '';
  return {
    code: 'bucket_forbidden',
    sentence: `These credentials ${what} in the bucket "${place.name}" (${name}); ${remedy}.${owner}${right === undefined ? saying(failure) : ''}`,
  };
}
