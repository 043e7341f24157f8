import type { Asked } from '../call.ts';
import { encryptionHeaders, type Properties } from '../properties.ts';
import type { Operation } from '../route.ts';
import type { Need } from './policy.ts';

/**
 * Which right each operation needs: Amazon S3 user guide, "Required permissions for Amazon S3 API operations".
 * Where a version is named, some have another name.
 */
const ACTIONS: Record<Operation, string> = {
  ListBuckets: 'ListAllMyBuckets',
  CreateBucket: 'CreateBucket',
  HeadBucket: 'ListBucket',
  DeleteBucket: 'DeleteBucket',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketVersioning: 'GetBucketVersioning',
  PutBucketVersioning: 'PutBucketVersioning',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  // Each key is looked at when the list has been read.
  DeleteObjects: '',
  PutObject: 'PutObject',
  CopyObject: 'PutObject',
  GetObject: 'GetObject',
  HeadObject: 'GetObject',
  DeleteObject: 'DeleteObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  AbortMultipartUpload: 'AbortMultipartUpload',
  ListParts: 'ListMultipartUploadParts',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  GetObjectRetention: 'GetObjectRetention',
  PutObjectRetention: 'PutObjectRetention',
  GetObjectTagging: 'GetObjectTagging',
  PutObjectTagging: 'PutObjectTagging',
  DeleteObjectTagging: 'DeleteObjectTagging',
  PutObjectLegalHold: 'PutObjectLegalHold',
  GetObjectLegalHold: 'GetObjectLegalHold',
};
const BY_VERSION: Record<string, string> = {
  GetObject: 'GetObjectVersion',
  DeleteObject: 'DeleteObjectVersion',
  GetObjectTagging: 'GetObjectVersionTagging',
  PutObjectTagging: 'PutObjectVersionTagging',
  DeleteObjectTagging: 'DeleteObjectVersionTagging',
};
/** A write with one of these headers needs one more right. */
const BY_HEADER: [header: string, action: string][] = [
  ['x-amz-tagging', 'PutObjectTagging'],
  ['x-amz-object-lock-mode', 'PutObjectRetention'],
  ['x-amz-object-lock-legal-hold', 'PutObjectLegalHold'],
  ['x-amz-bypass-governance-retention', 'BypassGovernanceRetention'],
];
/** These make an object from nothing else than what the request says; the others are parts of an upload. */
const CREATES = new Set<Operation>(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);
const WRITES = new Set<Operation>(['PutObject', 'CopyObject', 'CreateMultipartUpload', 'DeleteObject']);

/** Service authorization reference, "Condition keys for Amazon S3": those that a request shows by itself. */
function conditionKeys(
  { operation, query, headers, signature }: Asked,
  upload: Properties | null,
): Map<string, string> {
  const keys = new Map<string, string>([
    ['s3:authtype', signature.presigned ? 'REST-QUERY-STRING' : 'REST-HEADER'],
    ['s3:signatureversion', 'AWS4-HMAC-SHA256'],
    ['s3:x-amz-content-sha256', signature.payload],
  ]);
  const take = (key: string, value: string | undefined): void => {
    if (value !== undefined) keys.set(key, value);
  };
  if (operation.startsWith('List'))
    for (const name of ['prefix', 'delimiter', 'max-keys']) take(`s3:${name}`, query.get(name));
  // A part is encrypted as its upload is, and cannot say so itself.
  if (upload)
    for (const [name, value] of Object.entries(encryptionHeaders(upload))) take(`s3:${name}`, value);
  for (const [name, value] of headers)
    if (/^x-amz-(acl|server|storage)/.test(name)) take(`s3:${name}`, value);
  for (const name of ['if-match', 'if-none-match']) take(`s3:${name}`, headers.get(name));
  for (const name of ['mode', 'legal-hold', 'retain-until-date'])
    take(`s3:object-lock-${name}`, headers.get(`x-amz-object-lock-${name}`));
  take('s3:versionid', query.get('versionId'));
  if (ACTIONS[operation] === 'PutObject')
    keys.set('s3:objectcreationoperation', String(CREATES.has(operation)));
  return keys;
}

/** The name of a bucket (no key) or an object. */
export function arnOf(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
}

/** The rights that a request needs, all of them. `upload` is the one that it goes on with, if any. */
export function needsOf(asked: Asked, upload: Properties | null): Need[] {
  const { operation, bucketName, key, query, headers } = asked;
  const keys = conditionKeys(asked, upload);
  const resource = arnOf(bucketName, key);
  const need = (action: string, on = resource): Need => ({ action: `s3:${action}`, resource: on, keys });
  const action = ACTIONS[operation];
  if (action === '') return [];
  const needs = [need((query.has('versionId') && BY_VERSION[action]) || action)];
  if (WRITES.has(operation))
    for (const [header, more] of BY_HEADER) if (headers.has(header)) needs.push(need(more));
  if (operation === 'CopyObject') {
    const source = decodeURIComponent(headers.get('x-amz-copy-source') ?? '').replace(/^\//, '');
    const [path = '', version] = source.split('?versionId=');
    needs.push(need(version === undefined ? 'GetObject' : 'GetObjectVersion', `arn:aws:s3:::${path}`));
  }
  // Amazon S3 user guide, "How to perform conditional deletes": an ETag can only be compared by who may read.
  const ifMatch = operation === 'DeleteObject' ? headers.get('if-match') : undefined;
  if (ifMatch !== undefined && ifMatch !== '*') needs.push(need('GetObject'));
  return needs;
}
