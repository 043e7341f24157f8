import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, bytes, credentials, failure, leftovers, sandbox, temporaryFolder } from './helpers.ts';

function crcOf(body: Buffer): string {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(body));
  return four.toString('base64');
}

describe('objects', () => {
  test('a get returns what was put, with its description and checksum', async () => {
    const { s3, server } = await sandbox();
    const body = bytes(300_000);
    const put = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'T1/C1/2026/11/23/F1/Grüße ☃.pdf',
        Body: body,
        ContentType: 'application/pdf',
        ContentDisposition: "attachment; filename*=UTF-8''x.pdf",
        Metadata: { uploader: 'U1', title: 'a  b' },
      }),
    );
    expect(put.ChecksumCRC32).toBe(crcOf(body));
    const Key = 'T1/C1/2026/11/23/F1/Grüße ☃.pdf';
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({
      ContentLength: 300_000,
      ContentType: 'application/pdf',
      ContentDisposition: "attachment; filename*=UTF-8''x.pdf",
      Metadata: { uploader: 'U1' },
      ChecksumCRC32: crcOf(body),
      ChecksumType: 'FULL_OBJECT',
      ETag: put.ETag,
    });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(await server.list(Bucket)).toMatchObject([{ key: Key, size: 300_000, crc32: crcOf(body) }]);
    expect((await server.read(Bucket, Key)).equals(body)).toBe(true);
    expect(server.requests.count('PutObject')).toBe(1);
    expect(server.requests.count()).toBe(3);
  });

  test('streams with the default trailer, with a signed hash and with none are all taken', async () => {
    const { s3, server } = await sandbox();
    const body = bytes(1_500_000);
    const chunks = Array.from({ length: 15 }, (_, index) =>
      body.subarray(index * 100_000, (index + 1) * 100_000),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'trailer',
        Body: Readable.from(chunks),
        ContentLength: body.length,
      }),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'sha256',
        Body: body,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: 'crc32c', Body: body, ChecksumAlgorithm: 'CRC32C' }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: '' }));
    for (const key of ['trailer', 'sha256', 'crc32c'])
      expect((await server.read(Bucket, key)).equals(body)).toBe(true);
    expect(await server.read(Bucket, 'empty')).toHaveLength(0);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sha256', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumSHA256).toMatch(/=$/);
  });

  test('a create-only put refuses what is there', async () => {
    const { s3, server } = await sandbox();
    const put = (body: string | Buffer) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'once', Body: body, IfNoneMatch: '*' }));
    await put('first');
    expect(await failure(put('second'))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await failure(put(bytes(3_000_000)))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect((await server.read(Bucket, 'once')).toString()).toBe('first');
  });

  test('ranges, conditions and header overrides on a read', async () => {
    const { s3 } = await sandbox();
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '0123456789' }));
    const range = async (Range: string) => {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
      return [got.ContentRange, await got.Body?.transformToString()];
    };
    expect(await range('bytes=2-4')).toEqual(['bytes 2-4/10', '234']);
    expect(await range('bytes=7-')).toEqual(['bytes 7-9/10', '789']);
    expect(await range('bytes=-3')).toEqual(['bytes 7-9/10', '789']);
    expect(await range('bytes=8-400')).toEqual(['bytes 8-9/10', '89']);
    expect(await range('bytes=4-2')).toEqual([undefined, '0123456789']);
    expect(await failure(range('bytes=10-'))).toEqual({ code: 'InvalidRange', status: 416 });
    const get = (input: object) => s3.send(new GetObjectCommand({ Bucket, Key: 'k', ...input }));
    expect(await failure(get({ IfMatch: '"no"' }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect((await failure(get({ IfNoneMatch: put.ETag }))).status).toBe(304);
    expect((await failure(get({ IfModifiedSince: new Date(Date.now() + 5000) }))).status).toBe(304);
    const named = await get({ ResponseContentDisposition: 'attachment; filename="x y.txt"' });
    expect(named.ContentDisposition).toBe('attachment; filename="x y.txt"');
  });

  test('a copy has the bytes, and new metadata when asked', async () => {
    const { s3, server } = await sandbox();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body: 'text', Metadata: { x: '1' } }));
    const CopySource = `${Bucket}/${encodeURIComponent('a b/ü')}`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'other',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { y: '2' },
      }),
    );
    expect((await server.read(Bucket, 'other')).toString()).toBe('text');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).Metadata).toEqual({ x: '1' });
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'other' }))).Metadata).toEqual({ y: '2' });
    const missing = new CopyObjectCommand({ Bucket, Key: 'n', CopySource: `${Bucket}/none` });
    expect(await failure(s3.send(missing))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  test('deleting, one and many', async () => {
    const { s3, server } = await sandbox();
    for (const Key of ['a', 'b', 'c & <d>', '../e'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'never there' }));
    const Objects = [{ Key: 'b' }, { Key: 'c & <d>' }, { Key: '../e' }, { Key: 'never' }];
    const many = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(many.Deleted?.map((each) => each.Key)).toEqual(Objects.map((each) => each.Key));
    expect(await server.list(Bucket)).toEqual([]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
  });

  test('a delete does not disturb a reader', async () => {
    const { s3, server, dir } = await sandbox();
    const body = bytes(3_000_000);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: body }));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(await server.list(Bucket)).toEqual([]);
    expect(await leftovers(dir)).toEqual([]);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  });

  test('many writers of one key leave one whole object', async () => {
    const { s3, server, dir } = await sandbox();
    const bodies = Array.from({ length: 12 }, () => bytes(50_000));
    await Promise.all(bodies.map((Body) => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body }))));
    const left = await server.read(Bucket, 'k');
    expect(bodies.some((body) => body.equals(left))).toBe(true);
    expect(await leftovers(dir)).toHaveLength(1);
  });

  test('everything is still there after a restart', async () => {
    const { s3, server, dir } = await sandbox();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'bytes', Metadata: { a: 'b' } }));
    const before = await server.list(Bucket);
    await server.close();
    const again = await startS3({ dir, credentials, buckets: [Bucket] });
    try {
      expect(await again.list(Bucket)).toEqual(before);
      expect((await again.read(Bucket, 'kept')).toString()).toBe('bytes');
    } finally {
      await again.close();
    }
  });

  test('a folder belongs to one server at a time', async () => {
    const { server, dir } = await sandbox();
    await expect(startS3({ dir, credentials, buckets: [Bucket] })).rejects.toThrow(
      'in use by another process',
    );
    await server.close();
    const free = await temporaryFolder();
    const other = await startS3({ dir: free, credentials, buckets: [] });
    onTestFinished(() => other.close());
    const taken = { dir, credentials, buckets: [Bucket], port: other.port };
    await expect(startS3(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    // A failed start has released the folder.
    await (await startS3({ dir, credentials, buckets: [Bucket] })).close();
  });
});
