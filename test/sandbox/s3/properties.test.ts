import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { isBucketName } from '../../../sandbox/s3/names.ts';
import { Bucket, failure, sandbox } from './helpers.ts';

const put = (s3: S3Client, more: Partial<PutObjectCommandInput> = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ...more }));
const head = (s3: S3Client) => s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:us-east-1:111122223333:key/${KEY}`;

describe('encryption', () => {
  test('is told by every answer; with a KMS key, the ETag is no MD5', async () => {
    const { s3 } = await sandbox();
    const plain = await put(s3);
    expect(plain.ServerSideEncryption).toBe('AES256');
    const asked = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY } as const;
    const kms = await put(s3, asked);
    expect(kms).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: ARN });
    expect(kms.ETag).not.toBe(plain.ETag);
    expect(await head(s3)).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: ARN });
    const upload = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'm', ...asked }));
    expect(upload.SSEKMSKeyId).toBe(ARN);
  });

  test.each([
    [{ ServerSideEncryption: 'DES' as 'AES256' }, 'InvalidArgument'],
    [{ SSEKMSKeyId: KEY }, 'InvalidArgument'],
    [{ ServerSideEncryption: 'AES256' as const, SSEKMSKeyId: KEY }, 'InvalidArgument'],
    [{ ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: 'no key' }, 'KMS.NotFoundException'],
  ])('%j is refused: %s', async (asked, code) => {
    const { s3 } = await sandbox();
    expect(await failure(put(s3, asked))).toEqual({ code, status: 400 });
  });
});

describe('storage classes', () => {
  test('are told by heads and listings, and STANDARD only by listings', async () => {
    const { s3 } = await sandbox();
    const listed = async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.[0]?.StorageClass;
    await put(s3);
    expect([(await head(s3)).StorageClass, await listed()]).toEqual([undefined, 'STANDARD']);
    await put(s3, { StorageClass: 'STANDARD_IA' });
    expect([(await head(s3)).StorageClass, await listed()]).toEqual(['STANDARD_IA', 'STANDARD_IA']);
    const wrong = put(s3, { StorageClass: 'COLD' as 'GLACIER' });
    expect(await failure(wrong)).toEqual({ code: 'InvalidStorageClass', status: 400 });
  });

  test('an archived object can be neither read nor copied', async () => {
    const { s3, server } = await sandbox();
    await put(s3);
    await server.archive(Bucket, 'k');
    const state = { code: 'InvalidObjectState', status: 403 };
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toEqual(state);
    const copy = new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/k` });
    expect(await failure(s3.send(copy))).toEqual(state);
    expect(await head(s3)).toMatchObject({ StorageClass: 'GLACIER', ContentLength: 1 });
    await put(s3, { Key: 'i', StorageClass: 'GLACIER_IR' });
    await s3.send(new GetObjectCommand({ Bucket, Key: 'i' }));
  });
});

describe('tags', () => {
  test('come by header or by request, and are counted', async () => {
    const { s3 } = await sandbox();
    await put(s3, { Tagging: 'team=a%20b&app=vault' });
    expect((await head(s3)).TagCount).toBe(2);
    const tags = async (Key: string) => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key }))).TagSet;
    expect(await tags('k')).toEqual([
      { Key: 'team', Value: 'a b' },
      { Key: 'app', Value: 'vault' },
    ]);
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/k` }));
    expect(await tags('c')).toHaveLength(2);
    const TagSet = [{ Key: 'only', Value: '' }];
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', Tagging: { TagSet } }));
    expect(await tags('k')).toEqual(TagSet);
  });

  test.each([
    [Array.from({ length: 11 }, (_, i) => `k${i}=v`).join('&'), 'BadRequest'],
    ['a=1&a=2', 'InvalidArgument'],
    [`${'k'.repeat(129)}=v`, 'InvalidTag'],
    [`k=${'v'.repeat(257)}`, 'InvalidTag'],
    ['k=%3F', 'InvalidTag'],
    ['aws%3Ak=v', 'InvalidTag'],
  ])('%s is refused: %s', async (Tagging, code) => {
    const { s3 } = await sandbox();
    expect(await failure(put(s3, { Tagging }))).toEqual({ code, status: 400 });
  });
});

test('a bucket of somebody else is refused', async () => {
  const { s3 } = await sandbox();
  await put(s3, { ExpectedBucketOwner: '111122223333' });
  expect(await failure(put(s3, { ExpectedBucketOwner: '999999999999' }))).toEqual({
    code: 'AccessDenied',
    status: 403,
  });
  expect(await failure(put(s3, { ExpectedBucketOwner: 'me' }))).toEqual({
    code: 'InvalidBucketOwnerAWSAccountID',
    status: 400,
  });
});

test('errors name the request, as the headers do', async () => {
  const { s3, server } = await sandbox();
  const error = await s3.send(new GetObjectCommand({ Bucket, Key: 'none' })).catch((thrown) => thrown);
  expect(error.$metadata.requestId).toMatch(/^[0-9A-F]{16}$/);
  expect(error.RequestId).toBe(error.$metadata.requestId);
  expect(error.HostId).toBe(error.$metadata.extendedRequestId);
  expect(server.requests.list.at(-1)?.requestId).toBe(error.RequestId);
});

test.each([
  'ab',
  'a'.repeat(64),
  'Upper',
  'under_score',
  '-dash',
  'dot..dot',
  '192.168.5.4',
  'xn--bucket',
  'sthree-x',
  'amzn-s3-demo-x',
  'x-s3alias',
  'x--ol-s3',
  'x.mrap',
  'x--x-s3',
  'x--table-s3',
])('"%s" is no name of a bucket', (name) => {
  expect(isBucketName(name)).toBe(false);
});

test('a bucket with such a name is not made; others are', async () => {
  const { s3 } = await sandbox();
  const wrong = s3.send(new CreateBucketCommand({ Bucket: '192.168.5.4' }));
  expect(await failure(wrong)).toEqual({ code: 'InvalidBucketName', status: 400 });
  for (const name of ['abc', 'a.b-c', '1.2.3', 'a'.repeat(63)]) expect(isBucketName(name)).toBe(true);
});
