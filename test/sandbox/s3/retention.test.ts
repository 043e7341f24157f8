import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { Bucket, failure, sandbox } from './helpers.ts';

const DAY_MS = 24 * 3600 * 1000;
const denied = { code: 'AccessDenied', status: 403 };
const put = (s3: S3Client, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumAlgorithm: 'CRC32', ...more }));
const remove = (s3: S3Client, more: Partial<DeleteObjectCommandInput> = {}) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', ...more }));

describe('default retention', () => {
  test('keeps each version until its date; a delete marker is allowed', async () => {
    const { s3, server } = await sandbox({ objectLock: { mode: 'COMPLIANCE', days: 1 } });
    const configuration = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(configuration.ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual({
      Mode: 'COMPLIANCE',
      Days: 1,
    });
    const { VersionId } = await put(s3);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head.ObjectLockMode).toBe('COMPLIANCE');
    const left = (head.ObjectLockRetainUntilDate as Date).getTime() - Date.now();
    expect(left).toBeGreaterThan(DAY_MS - 60_000);
    expect(left).toBeLessThanOrEqual(DAY_MS);
    expect(await failure(remove(s3, { VersionId }))).toEqual(denied);
    expect(await failure(remove(s3, { VersionId, BypassGovernanceRetention: true }))).toEqual(denied);
    const marker = await remove(s3);
    await remove(s3, { VersionId: marker.VersionId });
    expect(await server.list(Bucket)).toHaveLength(1);
  });

  test('bytes must come with a checksum or MD5, in parts too', async () => {
    const { s3 } = await sandbox(
      { objectLock: { mode: 'GOVERNANCE', years: 1 } },
      { requestChecksumCalculation: 'WHEN_REQUIRED' },
    );
    const bare = { ChecksumAlgorithm: undefined };
    await expect(put(s3, bare)).rejects.toThrow(
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
    await put(s3, { ...bare, ContentMD5: 'nd0EebSzVyV8ewkQAMAmIQ==' }).catch((error) =>
      // The MD5 above is of other bytes: it is read, and found to be wrong.
      expect(error.name).toBe('BadDigest'),
    );
    await put(s3);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'm' }));
    const part = { Bucket, Key: 'm', UploadId, PartNumber: 1, Body: 'x' };
    await expect(s3.send(new UploadPartCommand(part))).rejects.toThrow('required for Put Part requests');
    await s3.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'CRC32' }));
  });

  test('GOVERNANCE gives way to who asks for it', async () => {
    const { s3 } = await sandbox({ objectLock: { mode: 'GOVERNANCE', days: 1 } });
    const { VersionId } = await put(s3);
    expect(await failure(remove(s3, { VersionId }))).toEqual(denied);
    await remove(s3, { VersionId, BypassGovernanceRetention: true });
  });

  test('is set by request, on a bucket with versions only', async () => {
    const { s3 } = await sandbox();
    const set = (rule: object) =>
      s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: rule } },
        }),
      );
    expect((await failure(set({ Mode: 'GOVERNANCE', Days: 1 }))).code).toBe('InvalidBucketState');
    const versioned = await sandbox({ versioning: true });
    const setThere = (rule: object) =>
      versioned.s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: rule } },
        }),
      );
    expect((await failure(setThere({ Mode: 'GOVERNANCE', Days: 1, Years: 1 }))).code).toBe('MalformedXML');
    expect((await failure(setThere({ Mode: 'GOVERNANCE', Days: 0 }))).code).toBe('InvalidArgument');
    expect((await failure(setThere({ Mode: 'GOVERNANCE', Years: 101 }))).code).toBe('InvalidArgument');
    await setThere({ Mode: 'GOVERNANCE', Days: 1 });
    await put(versioned.s3);
  });
});

describe('the retention of one version', () => {
  const until = (days: number) => new Date(Date.now() + days * DAY_MS);
  const retain = (s3: S3Client, Mode: 'GOVERNANCE' | 'COMPLIANCE', days: number, bypass = false) =>
    s3.send(
      new PutObjectRetentionCommand({
        Bucket,
        Key: 'k',
        Retention: { Mode, RetainUntilDate: until(days) },
        BypassGovernanceRetention: bypass,
      }),
    );

  test('ends at its date', async () => {
    const { s3 } = await sandbox({ objectLock: true });
    const ObjectLockRetainUntilDate = new Date(Date.now() + 1500);
    const { VersionId } = await put(s3, { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate });
    expect(await failure(remove(s3, { VersionId }))).toEqual(denied);
    await expect.poll(() => remove(s3, { VersionId }), { timeout: 20_000 }).toBeTruthy();
  });

  test('comes with the put, or later, and can only grow', async () => {
    const { s3 } = await sandbox({ objectLock: true });
    await put(s3);
    const asked = () => s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'k' }));
    expect((await failure(asked())).code).toBe('NoSuchObjectLockConfiguration');
    await put(s3, { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: until(2) });
    expect((await asked()).Retention?.Mode).toBe('GOVERNANCE');
    expect(await failure(retain(s3, 'GOVERNANCE', 1))).toEqual(denied);
    await retain(s3, 'GOVERNANCE', 1, true);
    await retain(s3, 'COMPLIANCE', 3);
    expect(await failure(retain(s3, 'GOVERNANCE', 4, true))).toEqual(denied);
    expect(await failure(retain(s3, 'COMPLIANCE', 2, true))).toEqual(denied);
    await retain(s3, 'COMPLIANCE', 4);
  });

  test.each([
    [{ ObjectLockMode: 'GOVERNANCE' as const }, 'InvalidArgument'],
    [{ ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: until(-1) }, 'InvalidArgument'],
    [{ ObjectLockMode: 'SOFT' as 'GOVERNANCE', ObjectLockRetainUntilDate: until(1) }, 'InvalidArgument'],
    [{ ObjectLockLegalHoldStatus: 'YES' as 'ON' }, 'InvalidArgument'],
  ])('%j is refused: %s', async (asked, code) => {
    const { s3 } = await sandbox({ objectLock: true });
    expect(await failure(put(s3, asked))).toEqual({ code, status: 400 });
  });

  test('needs Object Lock', async () => {
    const { s3 } = await sandbox({ versioning: true });
    const asked = { ObjectLockLegalHoldStatus: 'ON' as const };
    await expect(put(s3, asked)).rejects.toThrow('Bucket is missing Object Lock Configuration');
  });
});
