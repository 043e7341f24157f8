import {
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  PutObjectLegalHoldCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { isNotFound, statusOf, storageError } from './errors.ts';

/**
 * Whether the bucket has S3's Object Lock. False for a store that does not know it or does not let us ask. Throws
 * `StorageError` when the bucket does not answer.
 */
export async function hasObjectLock({ client, name: Bucket, place }: Bucket): Promise<boolean> {
  try {
    const answer = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    return answer.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
  } catch (error) {
    // Without Object Lock, S3 answers 404 and other stores 400, 405 or 501. A narrow policy answers 403.
    const status = statusOf(error);
    if (status !== null && status < 600 && status !== 500 && status !== 503) return false;
    throw storageError(error, place);
  }
}

interface Version {
  key: string;
  /** Null for the newest. */
  versionId: string | null;
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
    if ((error as Error).name === 'NoSuchObjectLockConfiguration') return false;
    if (isNotFound(error)) return null;
    throw storageError(error, place);
  }
}

/** Sets or removes the object's legal hold. It is no error when there is no object. Throws `StorageError`. */
export async function setLegalHold(
  { client, name: Bucket, place }: Bucket,
  { key, versionId }: Version,
  isOn: boolean,
): Promise<void> {
  const LegalHold = { Status: isOn ? ('ON' as const) : ('OFF' as const) };
  const about = { Bucket, Key: key, VersionId: versionId ?? undefined, LegalHold };
  try {
    await client.send(new PutObjectLegalHoldCommand({ ...about, ChecksumAlgorithm: 'CRC32' }));
  } catch (error) {
    if (!isNotFound(error)) throw storageError(error, place);
  }
}
