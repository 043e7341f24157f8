import type { Handler } from '../call.ts';
import type { Operation } from '../route.ts';
import * as buckets from './buckets.ts';
import * as deleting from './deleting.ts';
import * as listing from './listing.ts';
import * as locking from './locking.ts';
import * as multipart from './multipart.ts';
import * as reading from './reading.ts';
import * as retention from './retention.ts';
import * as tagging from './tagging.ts';
import * as uploads from './uploads.ts';
import * as versions from './versions.ts';
import * as writing from './writing.ts';

/** What answers each operation. */
export const HANDLERS: Record<Operation, Handler> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  ListObjects: listing.listObjects,
  ListObjectsV2: listing.listObjectsV2,
  ListObjectVersions: versions.listObjectVersions,
  ListMultipartUploads: uploads.listMultipartUploads,
  DeleteObjects: deleting.deleteObjects,
  PutObject: writing.putObject,
  CopyObject: writing.copyObject,
  GetObject: reading.getObject,
  HeadObject: reading.headObject,
  DeleteObject: deleting.deleteObject,
  CreateMultipartUpload: multipart.createMultipartUpload,
  UploadPart: multipart.uploadPart,
  CompleteMultipartUpload: multipart.completeMultipartUpload,
  AbortMultipartUpload: multipart.abortMultipartUpload,
  ListParts: uploads.listParts,
  GetObjectLockConfiguration: locking.getObjectLockConfiguration,
  PutObjectLockConfiguration: locking.putObjectLockConfiguration,
  GetObjectRetention: retention.getObjectRetention,
  PutObjectRetention: retention.putObjectRetention,
  GetObjectTagging: tagging.getObjectTagging,
  PutObjectTagging: tagging.putObjectTagging,
  DeleteObjectTagging: tagging.deleteObjectTagging,
  PutObjectLegalHold: locking.putObjectLegalHold,
  GetObjectLegalHold: locking.getObjectLegalHold,
};
