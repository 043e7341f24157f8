import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { crcText } from '../../../sandbox/s3/checksums.ts';
import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, bytes, credentials, failure, leftovers, sandbox } from './helpers.ts';

const MIB = 2 ** 20;

async function begin(
  s3: S3Client,
  options: Partial<CreateMultipartUploadCommandInput> = {},
): Promise<string> {
  const created = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k', ...options }));
  return created.UploadId as string;
}

async function part(
  s3: S3Client,
  UploadId: string,
  PartNumber: number,
  Body: Buffer,
): Promise<CompletedPart> {
  const sent = await s3.send(new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber, Body }));
  const { ETag, ChecksumCRC32 } = sent;
  return { PartNumber, ETag, ChecksumCRC32 };
}

function complete(s3: S3Client, UploadId: string, Parts: CompletedPart[], options: object = {}) {
  return s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key: 'k',
      UploadId,
      MultipartUpload: { Parts },
      ...options,
    }),
  );
}

describe('multipart uploads', () => {
  test('lib-storage stores a stream of unknown length', async () => {
    const { s3, server } = await sandbox();
    const body = bytes(12 * MIB + 17);
    async function* source(): AsyncGenerator<Buffer> {
      for (let at = 0; at < body.length; at += 70_001) yield body.subarray(at, at + 70_001);
    }
    const upload = new Upload({
      client: s3,
      params: {
        Bucket,
        Key: 'stream',
        Body: Readable.from(source()),
        ContentType: 'video/mp4',
        Metadata: { a: 'b' },
      },
    });
    await upload.done();
    expect((await server.read(Bucket, 'stream')).equals(body)).toBe(true);
    const [object] = await server.list(Bucket);
    expect(object).toMatchObject({ size: body.length, crc32: crcText(crc32(body)) });
    expect(object?.etag).toMatch(/^[0-9a-f]{32}-3$/);
    expect(await server.uploads(Bucket)).toEqual([]);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' }, ChecksumType: 'COMPOSITE' });
    expect(head.ChecksumCRC32).toMatch(/-3$/);
  });

  test('an ETag is the MD5 of the parts, a full-object checksum is verified', async () => {
    const { s3, server } = await sandbox();
    const one = bytes(5 * MIB);
    const two = bytes(1000);
    const UploadId = await begin(s3, { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const parts = [await part(s3, UploadId, 1, one), await part(s3, UploadId, 3, two)];
    const promise = (value: string) => ({ ChecksumCRC32: value, ChecksumType: 'FULL_OBJECT' });
    expect(await failure(complete(s3, UploadId, parts, promise('AAAAAA==')))).toEqual({
      code: 'BadDigest',
      status: 400,
    });
    expect(await server.list(Bucket)).toEqual([]);
    const whole = crcText(crc32(Buffer.concat([one, two])));
    const done = await complete(s3, UploadId, parts, promise(whole));
    const md5 = (data: Buffer) => createHash('md5').update(data).digest();
    const etag = md5(Buffer.concat([md5(one), md5(two)])).toString('hex');
    expect(done).toMatchObject({ ETag: `"${etag}-2"`, ChecksumCRC32: whole, ChecksumType: 'FULL_OBJECT' });
    // Asked once more, e.g. because the answer was lost: the same answer, and no second object.
    const again = await complete(s3, UploadId, parts, promise(whole));
    expect({ ...again, $metadata: null }).toEqual({ ...done, $metadata: null });
    const none = { code: 'NoSuchUpload', status: 404 };
    expect(await failure(complete(s3, UploadId, parts.slice(1)))).toEqual(none);
    expect(await failure(part(s3, UploadId, 1, two))).toEqual(none);
  });

  test('asked twice at once, it is completed once, and both hear the same', async () => {
    const { s3, server } = await sandbox({ versioning: true });
    const UploadId = await begin(s3);
    const parts = [await part(s3, UploadId, 1, bytes(1000))];
    const [one, two] = await Promise.all([complete(s3, UploadId, parts), complete(s3, UploadId, parts)]);
    expect([two.ETag, two.VersionId]).toEqual([one.ETag, one.VersionId]);
    expect(await server.list(Bucket)).toHaveLength(1);
  });

  test('refuses what does not match, and the upload stays', async () => {
    const { s3, server } = await sandbox();
    const UploadId = await begin(s3);
    const small = await part(s3, UploadId, 1, bytes(1000));
    const two = await part(s3, UploadId, 2, bytes(1000));
    const tried = (parts: CompletedPart[]) => failure(complete(s3, UploadId, parts));
    expect((await tried([small, two])).code).toBe('EntityTooSmall');
    expect((await tried([two, small])).code).toBe('InvalidPartOrder');
    expect((await tried([small, { ...two, PartNumber: 9 }])).code).toBe('InvalidPart');
    expect((await tried([{ ...small, ETag: two.ETag }])).code).toBe('InvalidPart');
    expect((await tried([])).code).toBe('MalformedXML');
    const sums = await begin(s3, { Key: 'sums', ChecksumAlgorithm: 'SHA256' });
    const wrongSum = new UploadPartCommand({ Bucket, Key: 'sums', UploadId: sums, PartNumber: 1, Body: 'x' });
    expect((await failure(s3.send(wrongSum))).code).toBe('InvalidRequest');
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'sums', UploadId: sums }));
    expect((await failure(part(s3, UploadId, 10_001, bytes(1)))).code).toBe('InvalidArgument');
    expect((await failure(part(s3, 'nosuch', 1, bytes(1)))).code).toBe('NoSuchUpload');
    expect(await server.uploads(Bucket)).toEqual([{ key: 'k', uploadId: UploadId }]);
    await complete(s3, UploadId, [small]);
    expect(await server.list(Bucket)).toMatchObject([{ key: 'k', size: 1000 }]);
  });

  test('a create-only completion refuses what is there', async () => {
    const { s3, server } = await sandbox();
    const UploadId = await begin(s3);
    const parts = [await part(s3, UploadId, 1, Buffer.from('late'))];
    await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'early' }));
    const tried = complete(s3, UploadId, parts, { IfNoneMatch: '*' });
    expect(await failure(tried)).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect((await server.read(Bucket, 'k')).toString()).toBe('early');
  });

  test('uploads and parts are listed in pages, outlive a restart, and end with an abort', async () => {
    const { s3, server, dir } = await sandbox();
    const UploadId = await begin(s3);
    const other = await begin(s3, { Key: 'z' });
    for (const number of [3, 1, 2]) await part(s3, UploadId, number, bytes(number * 10));
    await part(s3, UploadId, 2, bytes(99));
    const first = await s3.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId, MaxParts: 2 }));
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 10],
      [2, 99],
    ]);
    const PartNumberMarker = first.NextPartNumberMarker;
    const second = await s3.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId, PartNumberMarker }));
    expect(second.Parts?.map((each) => each.PartNumber)).toEqual([3]);
    const page = await s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }));
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'k', NextUploadIdMarker: UploadId });
    const rest = await s3.send(
      new ListMultipartUploadsCommand({ Bucket, KeyMarker: 'k', UploadIdMarker: UploadId }),
    );
    expect(rest.Uploads?.map((each) => each.UploadId)).toEqual([other]);
    await server.close();
    const again = await startS3({ dir, credentials, buckets: [Bucket], port: server.port });
    try {
      const kept = await s3.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId }));
      expect(kept.Parts).toHaveLength(3);
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'k', UploadId }));
      expect((await again.uploads(Bucket)).map((each) => each.key)).toEqual(['z']);
      expect((await failure(part(s3, UploadId, 1, bytes(1)))).code).toBe('NoSuchUpload');
    } finally {
      await again.close();
    }
  });

  test('of two completions at once, one wins and the other is told that the upload has ended', async () => {
    const { s3, server, dir } = await sandbox({}, { maxAttempts: 1 });
    const UploadId = await begin(s3);
    const parts = [await part(s3, UploadId, 1, bytes(5 * MIB)), await part(s3, UploadId, 2, bytes(10))];
    const results = await Promise.allSettled([1, 2, 3].map(() => complete(s3, UploadId, parts)));
    const codes = results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.name));
    expect(codes.filter((code) => code === 'done').length).toBeGreaterThanOrEqual(1);
    expect(codes.every((code) => code === 'done' || code === 'NoSuchUpload')).toBe(true);
    expect(await server.list(Bucket)).toMatchObject([{ key: 'k', size: 5 * MIB + 10 }]);
    expect(await leftovers(dir)).toHaveLength(1);
  });
});
