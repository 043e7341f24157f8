import type { Asked } from '../call.ts';
import { S3Error } from '../errors.ts';
import { type Dialect, deny } from './dialect.ts';

/** Operations that need s3:PutObject and can carry the object's own headers. */
const BEGINS_OBJECT = new Set(['PutObject', 'CopyObject', 'CreateMultipartUpload']);
/** Operations that make an object appear, and take a condition. */
const MAKES_OBJECT = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);

/** Requests for which this holds are denied as by a policy. */
function denied(when: (asked: Asked) => boolean): Dialect {
  return { meet: (asked) => (when(asked) ? deny() : undefined) };
}

/** Rights that are missing, policies that deny, and states of a bucket. */
export const RIGHTS = {
  // s3:ListBucket is missing, or limited to a prefix: HeadBucket names none (Amazon S3 API reference, "HeadBucket").
  'head-bucket-403': denied(({ operation }) => operation === 'HeadBucket'),
  // IAM user guide, "Amazon S3: allows access to ... a prefix": s3:ListBucket with a condition on s3:prefix.
  'list-needs-prefix': denied(
    ({ operation, query }) =>
      /^List(Objects|ObjectsV2|ObjectVersions)$/.test(operation) && !query.get('prefix'),
  ),
  // An append-only key: neither s3:DeleteObject nor s3:DeleteObjectVersion.
  'no-delete': denied(({ operation }) => /^DeleteObject/.test(operation)),
  // A policy without s3:GetBucketObjectLockConfiguration.
  'lock-config-403': denied(({ operation }) => operation === 'GetObjectLockConfiguration'),
  // Amazon S3 user guide, "Enforce conditional writes on Amazon S3 buckets", example 1.
  'wants-if-none-match': denied(
    ({ operation, headers }) => MAKES_OBJECT.has(operation) && !headers.has('if-none-match'),
  ),
  // Amazon S3 user guide, "Using server-side encryption with AWS KMS keys": deny other x-amz-server-side-encryption.
  'wants-kms': denied(
    ({ operation, headers }) =>
      BEGINS_OBJECT.has(operation) && headers.get('x-amz-server-side-encryption') !== 'aws:kms',
  ),
  // Amazon S3 API reference, "Amazon S3 Signature Version 4 authentication specific policy keys": deny
  // s3:x-amz-content-sha256 = UNSIGNED-PAYLOAD.
  'no-unsigned-payload': denied(
    ({ operation, signature }) =>
      /^(PutObject|UploadPart)$/.test(operation) && signature.payload === 'UNSIGNED-PAYLOAD',
  ),
  // The same policy with every word for a body that is not signed.
  'wants-signed-payload': denied(
    ({ operation, signature }) =>
      /^(PutObject|UploadPart)$/.test(operation) && /UNSIGNED-PAYLOAD/.test(signature.payload),
  ),
  // Amazon S3 user guide, "Request routing, temporary request redirection".
  'redirects-307': {
    meet({ bucketName, operation }) {
      if (operation === 'ListBuckets') return undefined;
      const Endpoint = `${bucketName}.s3-eu-central-1.amazonaws.com`;
      throw new S3Error(
        'TemporaryRedirect',
        'Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.',
        {
          elements: { Bucket: bucketName, Endpoint },
          headers: { location: `https://${Endpoint}/`, 'x-amz-bucket-region': 'eu-central-1' },
        },
      );
    },
  },
  // A server that starts at the same time as the vault: 503 for a while.
  'busy-at-first': {
    meet(_asked, nth) {
      if (nth > 4) return undefined;
      throw new S3Error('ServiceUnavailable', 'Service is unable to handle request.');
    },
  },
} as const satisfies Record<string, Dialect>;
