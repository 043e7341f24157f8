import type { Failure } from './error-facts.ts';
import type { BucketPlace, StorageErrorCode } from './errors.ts';

/** A failure in one word for programs and one sentence for people. */
export interface Explained {
  code: StorageErrorCode;
  sentence: string;
}

type Reason = (failure: Failure, place: BucketPlace) => Explained | null;

/** Says what a failure at the bucket means, and which setting, right or machine to look at. */
export function explain(failure: Failure, place: BucketPlace): Explained {
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

/** How the bucket's store is called in sentences. */
function where(place: BucketPlace): string {
  return place.endpointHost ? `The bucket's store at ${place.endpointHost}` : 'S3';
}

/** The store's own words, at the end of a sentence that does not tell all. */
function saying({ message, name, status }: Failure): string {
  if (status === null || message === '' || message === name || /^(UnknownError|status \d+)$/.test(message))
    return '';
  return ` It says: "${message}"`;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_SOCKET',
]);

/** The certificate is signed by somebody whom Node does not know: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

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
  trust,

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

  // The SDK also calls a reset connection a time-out, so the codes are checked first.
  ({ code }, place) =>
    UNREACHABLE.has(code)
      ? {
          code: 'bucket_unreachable',
          sentence: `${where(place)} could not be reached (${code}); check AWS_ENDPOINT_URL_S3 and the network.`,
        }
      : null,
  ({ name, code }, place) =>
    name === 'TimeoutError' || code === 'ETIMEDOUT' || /^UND_ERR_\w+_TIMEOUT$/.test(code)
      ? {
          code: 'bucket_stalled',
          sentence: `${where(place)} did not answer in time; if this lasts, check AWS_ENDPOINT_URL_S3 and the network.`,
        }
      : null,

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

/** An HTML page is no answer of S3: a console's port, a login page, a firewall. */
function notS3({ status, headers, message, name }: Failure, place: BucketPlace): Explained | null {
  const isPage = status !== null && /^text\/html/i.test(headers['content-type'] ?? '');
  // S3 itself and every store that speaks it says its errors in XML, with a name of their own.
  const isUnread = status !== null && status < 300 && /deserialization error/i.test(message);
  if (isUnread || (isPage && status < 300))
    return {
      code: 'bucket_not_s3',
      sentence: `What answers at ${place.endpointHost ?? 'the address of S3'} is not S3 (${isPage ? 'a web page' : 'no XML'} came); check AWS_ENDPOINT_URL_S3: a store's console often has another port than its S3.`,
    };
  if (
    !isPage ||
    status >= 500 ||
    status === 404 ||
    !/^(UnknownError|Unknown|NotFound|\d+|Error|SyntaxError)$/.test(name)
  )
    return null;
  return {
    code: 'bucket_proxy',
    sentence: `A web page came in place of the store's answer (status ${status}): a proxy or firewall in between refuses, or ${place.endpointHost ?? 'the address of S3'} is not S3. Check HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL_S3.`,
  };
}

/** Node and undici each have their own words for a proxy that lets nothing through. */
function proxy({ status, code, message, name }: Failure, place: BucketPlace): Explained | null {
  const refused = /proxy/i.test(code) || (status === null && /\bprox(y|ied)\b|HTTP Tunneling/i.test(message));
  if (!refused && status !== 407) return null;
  const answer = status ?? /\b([345]\d\d)\b/.exec(message)?.[1] ?? null;
  const asked = answer === null ? code || name : `it answered ${answer}`;
  const login = String(answer) === '407' ? ' The proxy wants a user and a password in HTTPS_PROXY.' : '';
  return {
    code: 'bucket_proxy',
    sentence: `The proxy did not let the vault through to ${place.endpointHost ?? 'S3'} (${asked}); check HTTPS_PROXY and NO_PROXY.${login}`,
  };
}

function trust({ code, message }: Failure, place: BucketPlace): Explained | null {
  const told = (why: string): Explained => ({ code: 'bucket_tls', sentence: `${where(place)} ${why}` });
  if (UNTRUSTED.has(code))
    return told(
      `shows a certificate that this machine does not trust (${code}); if it is your own CA's, name its file in NODE_EXTRA_CA_CERTS, or set NODE_USE_SYSTEM_CA=1.`,
    );
  if (code === 'CERT_HAS_EXPIRED')
    return told("shows a certificate that has expired; renew it, or check this machine's clock.");
  if (code === 'CERT_NOT_YET_VALID')
    return told("shows a certificate that is not valid yet; check this machine's clock.");
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return told(
      'shows a certificate for another name; use the name in the certificate, or set VAULT_S3_PATH_STYLE=1 if the bucket is part of the name.',
    );
  if (
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^ERR_SSL_PACKET_LENGTH/.test(code) ||
    (code === 'EPROTO' && /wrong version/i.test(message))
  )
    return told('does not speak TLS at this address; if it has none, write http:// in AWS_ENDPOINT_URL_S3.');
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || /^CERT_/.test(code))
    return told(
      `could not agree on TLS with this machine (${code}); check the certificate and the endpoint.`,
    );
  return null;
}

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
