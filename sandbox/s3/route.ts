import { S3Error } from './errors.ts';
import type { Wire } from './wire.ts';

/** The operations that this server knows, by S3's names. */
export type Operation =
  | 'ListBuckets'
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'GetBucketVersioning'
  | 'PutBucketVersioning'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'ListMultipartUploads'
  | 'DeleteObjects'
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'GetObjectLockConfiguration'
  | 'PutObjectLockConfiguration'
  | 'GetObjectRetention'
  | 'PutObjectRetention'
  | 'GetObjectTagging'
  | 'PutObjectTagging'
  | 'DeleteObjectTagging'
  | 'PutObjectLegalHold'
  | 'GetObjectLegalHold';

/**
 * Query parameters for parts of S3 that are not here; without this list such a request would be taken for a
 * plain put.
 */
// biome-ignore format: one name per line would fill a screen
const ELSEWHERE = [
  'accelerate', 'acl', 'analytics', 'attributes', 'cors', 'encryption', 'intelligent-tiering', 'inventory',
  'lifecycle', 'logging', 'metrics', 'notification', 'ownershipControls', 'policy',
  'policyStatus', 'publicAccessBlock', 'replication', 'requestPayment', 'restore', 'select',
  'torrent', 'website',
];

/** These are here for objects, but not for buckets. */
const OF_OBJECTS = ['tagging', 'retention'];

function notHere(what: string): S3Error {
  return new S3Error(
    'NotImplemented',
    `A header or query you provided implies functionality that is not here: ${what}`,
  );
}

/** Which operation a request asks for. @throws S3Error `NotImplemented` or `MethodNotAllowed`. */
export function routeOf(wire: Wire, bucket: string, key: string, query: Map<string, string>): Operation {
  const elsewhere = ELSEWHERE.find((name) => query.has(name));
  if (elsewhere) throw notHere(elsewhere);
  const ofObject = OF_OBJECTS.find((name) => query.has(name));
  if (ofObject && key === '') throw notHere(`${ofObject} of a bucket`);
  const has = (name: string): boolean => query.has(name);
  const operation =
    bucket === ''
      ? serviceRoute(wire.method)
      : key === ''
        ? bucketRoute(wire, has, query)
        : objectRoute(wire, has);
  if (operation) return operation;
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    elements: { Method: wire.method },
  });
}

function serviceRoute(method: string): Operation | null {
  return method === 'GET' ? 'ListBuckets' : null;
}

function bucketRoute(
  { method }: Wire,
  has: (name: string) => boolean,
  query: Map<string, string>,
): Operation | null {
  switch (method) {
    case 'HEAD':
      return 'HeadBucket';
    case 'DELETE':
      return 'DeleteBucket';
    case 'POST':
      return has('delete') ? 'DeleteObjects' : null;
    case 'PUT':
      if (has('object-lock')) return 'PutObjectLockConfiguration';
      return has('versioning') ? 'PutBucketVersioning' : 'CreateBucket';
    case 'GET':
      if (has('location')) return 'GetBucketLocation';
      if (has('versioning')) return 'GetBucketVersioning';
      if (has('object-lock')) return 'GetObjectLockConfiguration';
      if (has('versions')) return 'ListObjectVersions';
      if (has('uploads')) return 'ListMultipartUploads';
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  }
  return null;
}

function objectRoute({ method, headers }: Wire, has: (name: string) => boolean): Operation | null {
  const copies = headers.has('x-amz-copy-source');
  switch (method) {
    case 'HEAD':
      return 'HeadObject';
    case 'GET':
      if (has('legal-hold')) return 'GetObjectLegalHold';
      if (has('retention')) return 'GetObjectRetention';
      if (has('tagging')) return 'GetObjectTagging';
      return has('uploadId') ? 'ListParts' : 'GetObject';
    case 'DELETE':
      if (has('tagging')) return 'DeleteObjectTagging';
      return has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (has('uploads')) return 'CreateMultipartUpload';
      return has('uploadId') ? 'CompleteMultipartUpload' : null;
    case 'PUT':
      if (has('legal-hold')) return 'PutObjectLegalHold';
      if (has('retention')) return 'PutObjectRetention';
      if (has('tagging')) return 'PutObjectTagging';
      if (has('uploadId') && copies) throw notHere('UploadPartCopy');
      if (has('uploadId')) return 'UploadPart';
      return copies ? 'CopyObject' : 'PutObject';
  }
  return null;
}
