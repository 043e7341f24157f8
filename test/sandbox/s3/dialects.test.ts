import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DialectName, HABIT_NAMES, STORE_NAMES } from '../../../sandbox/s3/dialects/index.ts';
import { type S3Server, startS3 } from '../../../sandbox/s3/server.ts';
import { client, credentials, failure, sandbox } from './helpers.ts';

let server: S3Server;
let dir: string;
let count = 0;
const once = { maxAttempts: 1, requestChecksumCalculation: 'WHEN_REQUIRED' } as const;

/** A new bucket with these habits, and one object in it that was written before them. */
async function bucketWith(...dialects: DialectName[]): Promise<{ Bucket: string; s3: S3Client }> {
  const s3 = client(server.endpoint, once);
  const Bucket = `bucket-${++count}`;
  await server.speak(Bucket, []);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a/k', Body: 'before' }));
  await server.speak(Bucket, dialects);
  return { Bucket, s3 };
}

/** What becomes of a put, one line: the code of the failure, or `ok`. */
async function putTo(
  { Bucket, s3 }: { Bucket: string; s3: S3Client },
  input: Partial<PutObjectCommandInput> = {},
): Promise<string> {
  return outcome(s3.send(new PutObjectCommand({ Bucket, Key: `a/${++count}`, Body: 'x', ...input })));
}

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode ?? ''} ${name}`.trim();
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-s3-'));
  server = await startS3({ dir, credentials, buckets: [] });
});
afterAll(async () => {
  await server?.close();
  await rm(dir, { recursive: true, force: true });
});

const sum = { ChecksumCRC32: 'jNvnYw==' };

describe('habits', () => {
  test.each<[DialectName, Partial<PutObjectCommandInput>, string]>([
    ['conditions-501', { IfNoneMatch: '*' }, '501 NotImplemented'],
    ['conditions-501', {}, 'ok'],
    ['conditions-ignored', { Key: 'a/k', IfNoneMatch: '*' }, 'ok'],
    ['checksum-headers-400', { ChecksumAlgorithm: 'CRC32' }, '400 InvalidArgument'],
    ['checksum-headers-excess', sum, '400 ExcessHeaderValues'],
    ['checksums-ignored', { ChecksumCRC32: 'AAAAAA==' }, 'ok'],
    ['odd-types-415', { ContentType: 'application/x; y="z"' }, '415 UnsupportedMediaType'],
    ['odd-types-415', { ContentType: 'text/plain; charset=utf-8' }, 'ok'],
    ['wants-if-none-match', {}, '403 AccessDenied'],
    ['wants-if-none-match', { IfNoneMatch: '*' }, 'ok'],
    ['wants-kms', {}, '403 AccessDenied'],
    ['wants-kms', { ServerSideEncryption: 'AES256' }, '403 AccessDenied'],
    ['wants-kms', { ServerSideEncryption: 'aws:kms' }, 'ok'],
    ['default-retention', {}, '400 InvalidRequest'],
    ['default-retention', { ChecksumAlgorithm: 'CRC32' }, 'ok'],
    ['wants-signed-payload', {}, 'ok'],
    ['redirects-301', {}, '301 PermanentRedirect'],
    ['redirects-307', {}, '307 TemporaryRedirect'],
  ])('%s: a put with %j is answered with %s', async (dialect, input, expected) => {
    expect(await putTo(await bucketWith(dialect), input)).toBe(expected);
  });

  test('etags: not MD5, or without quotes, in headers and listings', async () => {
    const opaque = await bucketWith('etags-not-md5');
    const put = () => opaque.s3.send(new PutObjectCommand({ Bucket: opaque.Bucket, Key: 'k', Body: 'x' }));
    expect((await put()).ETag).not.toBe((await put()).ETag);
    const { Bucket, s3 } = await bucketWith('etags-unquoted');
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/k' }));
    expect(head.ETag).toMatch(/^[0-9a-f]{32}$/);
    const listed = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.[0]?.ETag).toBe(head.ETag);
  });

  test.each([
    ['encoding-ignored', 'a/ä', undefined],
    ['encoding-only-echoed', 'a/ä', 'url'],
    ['minio', 'a/%C3%A4', 'url'],
  ] as const)('%s: a key is listed as %s', async (dialect, key, encoding) => {
    const { Bucket, s3 } = await bucketWith(dialect);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/ä', Body: 'x' }));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect([listed.Contents?.at(-1)?.Key, listed.EncodingType]).toEqual([key, encoding]);
  });

  test('listings: start-after is ignored, and keys come in the order of UTF-16', async () => {
    const { Bucket, s3 } = await bucketWith('start-after-ignored', 'utf16-order');
    for (const Key of ['\uffee', '😀']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: '\uffee' }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['a/k', '😀', '\uffee']);
  });

  test.each<[DialectName, string, string]>([
    ['versions-501', '501 NotImplemented', '501 NotImplemented'],
    ['versions-403', '403 AccessDenied', '403 AccessDenied'],
    ['versions-404', '404 NoSuchKey', 'ok'],
  ])('%s: listing versions is answered with %s', async (dialect, listing, state) => {
    const { Bucket, s3 } = await bucketWith(dialect);
    expect(await outcome(s3.send(new ListObjectVersionsCommand({ Bucket })))).toBe(listing);
    expect(await outcome(s3.send(new GetBucketVersioningCommand({ Bucket })))).toBe(state);
  });

  test.each<[DialectName, string]>([
    ['uploads-400', '400 InvalidRequest'],
    ['uploads-404', '404 NoSuchUpload'],
    ['uploads-405', '405 MethodNotAllowed'],
  ])('%s: listing uploads is answered with %s', async (dialect, expected) => {
    const { Bucket, s3 } = await bucketWith(dialect);
    expect(await outcome(s3.send(new ListMultipartUploadsCommand({ Bucket })))).toBe(expected);
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const later = outcome(s3.send(new ListMultipartUploadsCommand({ Bucket })));
    expect(await later).toBe(dialect === 'uploads-404' ? 'ok' : expected);
  });

  test('uploads are found only by their exact key', async () => {
    const { Bucket, s3 } = await bucketWith('uploads-exact-key');
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a/k' }));
    const found = async (Prefix: string) =>
      (await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))).Uploads?.length ?? 0;
    expect([await found('a/'), await found('a/k')]).toEqual([0, 1]);
  });

  test.each<[DialectName, string]>([
    ['no-full-object', '501 NotImplemented'],
    ['minio', 'ok'],
  ])('%s: an upload with a checksum of the whole object is answered with %s', async (dialect, expected) => {
    const { Bucket, s3 } = await bucketWith(dialect);
    const input = { Bucket, Key: 'k', ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
    expect(await outcome(s3.send(new CreateMultipartUploadCommand(input)))).toBe(expected);
  });

  test('a checksum is verified, but not told', async () => {
    const { Bucket, s3 } = await bucketWith('checksums-not-echoed');
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumAlgorithm: 'CRC32' }),
    );
    expect(put.ChecksumCRC32).toBeUndefined();
    const wrong = s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32: 'AAAAAA==' }));
    expect(await failure(wrong)).toMatchObject({ code: 'BadDigest' });
  });

  test('single requests are refused', async () => {
    const { Bucket, s3 } = await bucketWith('checksum-mode-400', 'head-bucket-403');
    const mode = s3.send(new HeadObjectCommand({ Bucket, Key: 'a/k', ChecksumMode: 'ENABLED' }));
    expect((await failure(mode)).status).toBe(400);
    expect((await failure(s3.send(new HeadBucketCommand({ Bucket })))).status).toBe(403);
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/k' }));
    await server.speak(Bucket, ['other-kms-key']);
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/k' }));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a/k' }))).rejects.toThrow('kms:Decrypt');
  });

  test('Ceph: an object without a hold has no lock configuration', async () => {
    const { Bucket, s3 } = await bucketWith('ceph', 'object-lock');
    const hold = s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'a/k' }));
    expect(await outcome(hold)).toBe('404 ObjectLockConfigurationNotFoundError');
  });

  test('a store without Object Lock', async () => {
    const { Bucket, s3 } = await bucketWith('object-lock-501');
    expect(await outcome(s3.send(new GetObjectLockConfigurationCommand({ Bucket })))).toBe(
      '501 NotImplemented',
    );
  });

  test('everything is archived at once', async () => {
    const bucket = await bucketWith('archives-at-once');
    expect(await putTo(bucket, { Key: 'k' })).toBe('ok');
    const { Bucket, s3 } = bucket;
    expect(await outcome(s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toBe('403 InvalidObjectState');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).StorageClass).toBe('GLACIER');
  });

  test('busy at first, then not', async () => {
    const bucket = await bucketWith('busy-at-first');
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await putTo(bucket));
    expect(answers).toEqual([...Array(4).fill('503 ServiceUnavailable'), 'ok']);
  });

  test('without the right, nothing can be deleted', async () => {
    const { Bucket, s3 } = await bucketWith('no-delete');
    expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key: 'a/k' })))).toBe('403 AccessDenied');
  });
});

describe('dialects', () => {
  test('belong to one bucket, or to the whole server', async () => {
    const { s3, server: own } = await sandbox({
      dialects: ['no-delete'],
      bucketDialects: { special: ['conditions-501'] },
    });
    const put = (Bucket: string) =>
      outcome(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', IfNoneMatch: '*' })));
    expect(await put('special')).toBe('501 NotImplemented');
    await own.speak('other', []);
    expect(await put('other')).toBe('ok');
    for (const Bucket of ['special', 'other'])
      expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' })))).toBe('403 AccessDenied');
    await own.speak('special', []);
    expect(await put('special')).toBe('ok');
  });

  test('there are enough of them, and a wrong name is refused', async () => {
    expect(HABIT_NAMES.length).toBeGreaterThan(40);
    expect(STORE_NAMES.length).toBeGreaterThanOrEqual(15);
    await expect(server.speak('b12', ['no-such-store' as DialectName])).rejects.toThrow('no-such-store');
  });
});
