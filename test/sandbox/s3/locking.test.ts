import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, credentials, failure, sandbox } from './helpers.ts';

async function put(s3: S3Client, Key = 'k'): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'bytes' }))).VersionId;
}

const hold = (s3: S3Client, Status: 'ON' | 'OFF', VersionId?: string) =>
  s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId, LegalHold: { Status } }));
const statusOf = async (s3: S3Client, VersionId?: string) =>
  (await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId }))).LegalHold?.Status;
const remove = (s3: S3Client, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));

describe('Object Lock', () => {
  test('nobody can delete a held version, also after a restart, until the hold is off', async () => {
    const { s3, server, dir } = await sandbox({ objectLock: true });
    const configuration = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(configuration.ObjectLockConfiguration?.ObjectLockEnabled).toBe('Enabled');
    const version = await put(s3);
    await hold(s3, 'ON', version);
    expect(await statusOf(s3, version)).toBe('ON');
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head.ObjectLockLegalHoldStatus).toBe('ON');
    expect(await failure(remove(s3, version))).toEqual({ code: 'AccessDenied', status: 403 });
    await server.close();

    const again = await startS3({ dir, credentials, buckets: [Bucket], port: server.port });
    try {
      expect(await failure(remove(s3, version))).toEqual({ code: 'AccessDenied', status: 403 });
      await hold(s3, 'OFF', version);
      await remove(s3, version);
      expect(await again.list(Bucket)).toEqual([]);
    } finally {
      await again.close();
    }
  });

  test('the hold covers one version: newer ones and delete markers come and go', async () => {
    const { s3 } = await sandbox({ objectLock: true });
    const old = await put(s3);
    await hold(s3, 'ON');
    const newer = await put(s3);
    await remove(s3, newer);
    const marker = await remove(s3);
    expect(marker.DeleteMarker).toBe(true);
    const many = await s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'k', VersionId: old },
            { Key: 'k', VersionId: marker.VersionId },
          ],
        },
      }),
    );
    expect(many.Errors?.map(({ Code }) => Code)).toEqual(['AccessDenied']);
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([old]);
  });

  test('says what S3 says where there is no lock, no hold, or nonsense', async () => {
    const plain = await sandbox({ versioning: true });
    await put(plain.s3);
    const code = (call: Promise<unknown>) => failure(call).then((told) => told.code);
    expect(await failure(plain.s3.send(new GetObjectLockConfigurationCommand({ Bucket })))).toEqual({
      code: 'ObjectLockConfigurationNotFoundError',
      status: 404,
    });
    expect(await code(hold(plain.s3, 'ON'))).toBe('InvalidRequest');

    const { s3 } = await sandbox({ objectLock: true });
    await put(s3);
    expect(await code(statusOf(s3))).toBe('NoSuchObjectLockConfiguration');
    expect(await code(hold(s3, 'MAYBE' as 'ON'))).toBe('MalformedXML');
    expect(await code(hold(s3, 'ON', 'none'))).toBe('NoSuchVersion');
    const suspended = { Bucket, VersioningConfiguration: { Status: 'Suspended' as const } };
    expect(await code(s3.send(new PutBucketVersioningCommand(suspended)))).toBe('InvalidBucketState');
  });

  test('a bucket can be made with it', async () => {
    const { s3 } = await sandbox();
    await s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
    const configuration = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'locked' }));
    expect(configuration.ObjectLockConfiguration?.ObjectLockEnabled).toBe('Enabled');
  });
});
