import { S3Error } from '../errors.ts';
import type { Statement } from '../rights/policy.ts';
import type { Dialect } from './dialect.ts';

/** A policy of the bucket that denies. */
function denies(Action: string | string[], Condition?: Statement['Condition']): Dialect {
  return {
    policy: {
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Principal: '*', Action, Resource: '*', ...(Condition && { Condition }) },
    },
  };
}

/** Rights that are missing, policies that deny, and states of a bucket. */
export const RIGHTS = {
  // Some gateways allow listing and refuse HeadBucket; AWS does where the right to list is limited (see below).
  'head-bucket-403': {
    meet({ operation }) {
      if (operation !== 'HeadBucket') return undefined;
      throw new S3Error('AccessDenied', 'Access Denied');
    },
  },
  // Amazon S3 user guide, "Controlling access to a bucket with user policies": s3:ListBucket with a condition on
  // s3:prefix. Then HeadBucket is refused as well, and objects that are not there are forbidden (see `Guard`).
  'list-needs-prefix': denies(['s3:ListBucket', 's3:ListBucketVersions'], {
    StringNotLike: { 's3:prefix': '?*' },
  }),
  // Credentials that may only write and read.
  'no-list': denies(['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']),
  // An archive to which things are only added.
  'no-delete': denies(['s3:DeleteObject', 's3:DeleteObjectVersion']),
  // Rights from before version ids were asked for.
  'no-version-rights': denies(['s3:GetObjectVersion', 's3:DeleteObjectVersion', 's3:GetBucketVersioning']),
  'lock-config-403': denies('s3:GetBucketObjectLockConfiguration'),
  // Amazon S3 user guide, "Enforce conditional writes on Amazon S3 buckets", example 1, said the other way round.
  'wants-if-none-match': denies('s3:PutObject', {
    Null: { 's3:if-none-match': 'true' },
    Bool: { 's3:ObjectCreationOperation': 'true' },
  }),
  // Amazon S3 user guide, "Enforce conditional deletes on Amazon S3 buckets".
  'wants-if-match-to-delete': denies('s3:DeleteObject', { Null: { 's3:if-match': 'true' } }),
  // Amazon S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)": parts inherit from the upload.
  'wants-kms': {
    policy: denies('s3:PutObject', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } })
      .policy,
  },
  // Amazon S3 API reference, "Amazon S3 Signature Version 4 authentication specific policy keys".
  'no-unsigned-payload': denies('s3:PutObject', {
    StringEquals: { 's3:x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  }),
  // The same policy with every word for a body that is not signed.
  'wants-signed-payload': denies('s3:PutObject', {
    StringLike: { 's3:x-amz-content-sha256': '*UNSIGNED-PAYLOAD*' },
  }),
  // No habits, but some habits only show in a bucket with versions, or with Object Lock.
  'object-lock': { prepare: (bucket) => bucket.enableObjectLock(bucket.defaultRetention()) },
  versioned: { prepare: (bucket) => bucket.setVersioning('Enabled') },
  // The natural choice for an archive. Amazon S3 user guide, "Locking objects with Object Lock".
  'default-retention': {
    prepare: (bucket) => bucket.enableObjectLock({ mode: 'COMPLIANCE', days: 1 }),
  },
  'default-governance': {
    prepare: (bucket) => bucket.enableObjectLock({ mode: 'GOVERNANCE', days: 1 }),
  },
  // A lifecycle rule that moves everything to an archive class: here at once.
  'archives-at-once': { compat: { archivesAtOnce: true } },
  // Amazon S3 user guide, "Request routing, temporary request redirection".
  'redirects-307': redirect(
    'TemporaryRedirect',
    'Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.',
  ),
  // Amazon S3 user guide, "Request routing": the bucket is in another region.
  'redirects-301': redirect(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
  ),
  // A server that starts at the same time as the vault.
  'busy-at-first': {
    meet(_asked, nth) {
      if (nth > 4) return undefined;
      throw new S3Error('ServiceUnavailable', 'Service is unable to handle request.');
    },
  },
} as const satisfies Record<string, Dialect>;

function redirect(code: 'TemporaryRedirect' | 'PermanentRedirect', message: string): Dialect {
  return {
    meet({ bucketName }) {
      const Endpoint = `${bucketName}.s3.eu-central-1.amazonaws.com`;
      throw new S3Error(code, message, {
        elements: { Bucket: bucketName, Endpoint },
        headers: {
          'x-amz-bucket-region': 'eu-central-1',
          // A permanent one has no Location, so that no client follows without signing anew.
          ...(code === 'TemporaryRedirect' && { location: `https://${Endpoint}/` }),
        },
      });
    },
  };
}
