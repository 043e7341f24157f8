import {
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  PutObjectLegalHoldCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { nameOf } from './error-facts.ts';
import { StorageError, statusOf, storageError } from './errors.ts';

/** Whether the bucket has S3's Object Lock; `unknown` when the vault may not ask. */
export type ObjectLock = boolean | 'unknown';

/**
 * Whether the bucket has S3's Object Lock. False for a store that does not know it; `unknown` where the credentials
 * may not ask, or where the bucket is named by an access point, which does not answer that. Throws `StorageError` when
 * the bucket does not answer.
 */
export async function hasObjectLock({ client, name: Bucket, place }: Bucket): Promise<ObjectLock> {
  try {
    const answer = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    return answer.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    const status = statusOf(error);
    if (status === null || nameOf(error) === 'NoSuchBucket') throw storageError(error, place);
    if (status === 401 || status === 403) return 'unknown';
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html
    if (isAccessPoint(Bucket) && (status === 400 || status === 405)) return 'unknown';
    // An old token says nothing about the bucket.
    const problem = storageError(error, place);
    if (problem.code === 'bucket_credentials') throw problem;
    // Without Object Lock, S3 answers 404 and other stores 400, 405 or 501.
    if (NO_OBJECT_LOCK.has(status)) return false;
    throw problem;
  }
}

const NO_OBJECT_LOCK = new Set([400, 404, 405, 501]);

/** A bucket's name that is an access point's: its ARN, or the alias that AWS gives it. */
function isAccessPoint(bucket: string): boolean {
  return bucket.startsWith('arn:') || bucket.endsWith('-s3alias');
}

interface Version {
  key: string;
  /** Null for the newest. */
  versionId: string | null;
}

/**
 * Answers for an object on which no hold was ever set: `NoSuchObjectLockConfiguration` on AWS and MinIO,
 * `ObjectLockConfigurationNotFoundError` on Ceph (ERR_NO_SUCH_OBJECT_LOCK_CONFIGURATION in its rgw_common.cc).
 */
const NEVER_HELD = new Set(['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError']);

/** These requests have answers with a body: any other 404 is somebody else's, such as a proxy's. */
function isGone(error: unknown): boolean {
  return statusOf(error) === 404 && ['NoSuchKey', 'NoSuchVersion'].includes(nameOf(error));
}

/** Whether anybody has set a legal hold on the object; null when there is no object. Throws `StorageError`. */
export async function legalHoldOf(
  { client, name: Bucket, place }: Bucket,
  { key, versionId }: Version,
): Promise<boolean | null> {
  try {
    const answer = await client.send(
      new GetObjectLegalHoldCommand({ Bucket, Key: key, VersionId: versionId ?? undefined }),
    );
    return answer.LegalHold?.Status === 'ON';
  } catch (error) {
    if (NEVER_HELD.has(nameOf(error))) return false;
    if (isGone(error)) return null;
    throw storageError(error, place);
  }
}

/**
 * Sets or removes the object's legal hold, and reads back that it is so. False when there is no object. Throws
 * `StorageError`; `hold_not_kept` when the store accepts the hold and does not have it then.
 */
export async function setLegalHold(bucket: Bucket, version: Version, isOn: boolean): Promise<boolean> {
  const { client, name: Bucket, place } = bucket;
  const { key, versionId } = version;
  const LegalHold = { Status: isOn ? ('ON' as const) : ('OFF' as const) };
  const about = { Bucket, Key: key, VersionId: versionId ?? undefined, LegalHold };
  try {
    await client.send(new PutObjectLegalHoldCommand({ ...about, ChecksumAlgorithm: 'CRC32' }));
  } catch (error) {
    if (isGone(error)) return false;
    throw storageError(error, place);
  }
  const found = await legalHoldOf(bucket, version);
  if (found === null) return false;
  if (found !== isOn)
    throw new StorageError(
      'hold_not_kept',
      `The bucket's store accepted a legal hold as ${LegalHold.Status} and says that it is ${isOn ? 'OFF' : 'ON'}; the object is ${isOn ? 'not held' : 'still held'} in the bucket.`,
    );
  return true;
}
