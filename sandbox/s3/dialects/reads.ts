import type { Asked } from '../call.ts';
import { S3Error } from '../errors.ts';
import type { Operation } from '../route.ts';
import { type Dialect, withoutQuery } from './dialect.ts';

const VERSIONS: Operation[] = ['ListObjectVersions', 'GetBucketVersioning', 'PutBucketVersioning'];
const LISTS: Operation[] = ['ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads'];

/** Refuses these operations. */
function refuses(operations: Operation[], refuse: (asked: Asked) => never): Dialect {
  return { meet: (asked) => (operations.includes(asked.operation) ? refuse(asked) : undefined) };
}

function foreign(code: string, status: number, message: string): () => never {
  return () => {
    throw new S3Error({ code, status }, message);
  };
}

/** AWS's words to somebody who lacks a right. */
function deny(message: string): never {
  throw new S3Error('AccessDenied', message);
}

const notImplemented = foreign('NotImplemented', 501, 'This API call is not implemented.');

/** Habits of stores when something is listed or read. */
export const READS = {
  // Seen with small servers: keys come as they are, and the answer does not say that they are encoded.
  'encoding-ignored': {
    hear: (asked) => (LISTS.includes(asked.operation) ? withoutQuery(asked, 'encoding-type') : asked),
  },
  // The answer says that the keys are encoded, and they are not.
  'encoding-only-echoed': {
    hear: (asked) => (LISTS.includes(asked.operation) ? withoutQuery(asked, 'encoding-type') : asked),
    tell(answer, asked) {
      if (!asked.query.has('encoding-type') || typeof answer.body !== 'string') return answer;
      const echo = '<EncodingType>url</EncodingType>';
      return { ...answer, body: answer.body.replace(/(<List\w+Result[^>]*>)/, `$1${echo}`) };
    },
  },
  // Stores that only know continuation tokens: the listing begins at its beginning.
  'start-after-ignored': {
    hear: (asked) => (asked.operation === 'ListObjectsV2' ? withoutQuery(asked, 'start-after') : asked),
  },
  // A page may hold less than was asked for (Amazon S3 API reference, "ListObjectsV2", MaxKeys): here, three keys.
  'short-pages': {
    hear: (asked) =>
      LISTS.includes(asked.operation)
        ? { ...asked, query: new Map([...asked.query, ['max-keys', '3'], ['max-uploads', '3']]) }
        : asked,
  },
  // Zenko CloudServer's memory backend, seen with 8.8.35.
  'utf16-order': { compat: { utf16Order: true } },
  // Cloudflare R2's docs, "S3 API compatibility": not among the implemented operations.
  'versions-501': refuses(VERSIONS, notImplemented),
  // gofakes3 (rclone's `serve s3`).
  'versions-404': refuses(
    ['ListObjectVersions'],
    foreign('NoSuchKey', 404, 'The specified key does not exist.'),
  ),
  // A policy without s3:ListBucketVersions and s3:GetBucketVersioning.
  'versions-403': refuses(VERSIONS, () => deny('Access Denied')),
  // gofakes3, seen: as long as there is no upload.
  'uploads-404': {
    tell(answer, { operation }) {
      if (operation !== 'ListMultipartUploads' || /<Upload>/.test(String(answer.body))) return answer;
      throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
    },
  },
  // Storj and others: what they do not know is a bad request.
  'uploads-400': refuses(['ListMultipartUploads'], foreign('InvalidRequest', 400, 'Invalid Request')),
  // The same, by the method.
  'uploads-405': refuses(
    ['ListMultipartUploads'],
    foreign('MethodNotAllowed', 405, 'The specified method is not allowed against this resource.'),
  ),
  // MinIO's docs, "limits": the prefix must be the whole key, any other finds nothing.
  'uploads-exact-key': {
    tell(answer, asked) {
      if (asked.operation !== 'ListMultipartUploads' || typeof answer.body !== 'string') return answer;
      const prefix = asked.query.get('prefix') ?? '';
      return {
        ...answer,
        body: answer.body.replace(/<Upload><Key>(.*?)<\/Key>.*?<\/Upload>/g, (upload, key: string) =>
          decodeURIComponent(key) === prefix ? upload : '',
        ),
      };
    },
  },
  // Backblaze B2 in 2025: vatesfr/xen-orchestra, issue 8358.
  'checksum-mode-400': {
    meet(asked) {
      if (!asked.headers.has('x-amz-checksum-mode')) return undefined;
      throw new S3Error(
        'InvalidArgument',
        "Unsupported header 'x-amz-checksum-mode' received for this API call.",
      );
    },
  },
  // Seen with Ceph 16.2.15 and 18.2.7; rgw_common.cc maps ERR_NO_SUCH_OBJECT_LOCK_CONFIGURATION to this code.
  'missing-hold-404': { compat: { cephLockErrors: true } },
  // Stores without Object Lock.
  'object-lock-501': refuses(
    ['GetObjectLockConfiguration', 'GetObjectLegalHold', 'PutObjectLegalHold'],
    notImplemented,
  ),
  // Amazon S3 user guide, "SSE-KMS": reading needs the right kms:Decrypt for the object's key.
  'other-kms-key': refuses(['GetObject'], () =>
    deny(
      'User: arn:aws:iam::111122223333:user/vault is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab because no identity-based policy allows the kms:Decrypt action',
    ),
  ),
} as const satisfies Record<string, Dialect>;
