import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createFaults } from '../../../sandbox/s3/faults.ts';
import { Bucket, bytes, failure, leftovers, sandbox } from './helpers.ts';

const once = { maxAttempts: 1 };

function put(s3: S3Client, Key: string, Body: Buffer | string = 'body') {
  return s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

describe('fault rules', () => {
  test('match by operation and key, and are used up', () => {
    const faults = createFaults();
    faults.add({ operation: 'PutObject', key: /^a/g, times: 2, do: { delayMs: 1 } });
    const all = faults.add({ do: { stall: true } });
    expect(faults.take('PutObject', 'abc')).toEqual({ delayMs: 1 });
    expect(faults.take('PutObject', 'b')).toEqual({ stall: true });
    expect(faults.take('GetObject', 'abc')).toEqual({ stall: true });
    expect(faults.take('PutObject', 'abc')).toEqual({ delayMs: 1 });
    expect(faults.take('PutObject', 'abc')).toEqual({ stall: true });
    all.remove();
    expect(faults.take('PutObject', 'abc')).toBeNull();
  });
});

describe('a server with faults', () => {
  test('answers with an error as often as told; the SDK tries again', async () => {
    const { s3, server } = await sandbox();
    server.faults.add({ operation: 'PutObject', times: 1, do: { status: 503, code: 'SlowDown' } });
    await put(s3, 'k');
    expect(server.requests.list.map(({ status, code }) => [status, code])).toEqual([
      [503, 'SlowDown'],
      [200, null],
    ]);
  });

  test.each([0, 1, 100_000])('cuts a body at %i bytes, and nothing is kept', async (resetAfterBytes) => {
    const { s3, server, dir } = await sandbox({}, once);
    server.faults.add({ do: { resetAfterBytes } });
    expect(await failure(put(s3, 'k', bytes(5_000_000)))).toBeTruthy();
    expect(await server.list(Bucket)).toEqual([]);
    await expect.poll(() => leftovers(dir)).toEqual([]);
    expect(server.requests.list.map((each) => each.status)).toEqual([0]);
  });

  test('loses the answer of a put that was done', async () => {
    const { s3, server } = await sandbox({}, once);
    server.faults.add({ operation: 'PutObject', times: 1, do: { resetBeforeAnswer: true } });
    expect(await failure(put(s3, 'k'))).toBeTruthy();
    expect((await server.read(Bucket, 'k')).toString()).toBe('body');
  });

  test('stalls until the client gives up', async () => {
    const { s3, server, dir } = await sandbox({}, once);
    server.faults.add({ do: { stall: true } });
    const call = s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }), {
      abortSignal: AbortSignal.timeout(200),
    });
    expect((await failure(call)).code).toBe('AbortError');
    expect(await leftovers(dir)).toEqual([]);
    server.faults.clear();
    await put(s3, 'k');
  });

  test('takes and gives bytes slowly but completely', async () => {
    const { s3, server } = await sandbox();
    const body = bytes(200_000);
    server.faults.add({ do: { bytesPerSecond: 1_000_000 } });
    const startedAt = Date.now();
    await put(s3, 'k', body);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    // At 1 MB/s both ways cannot end sooner; how much later they end is not asserted.
    expect(Date.now() - startedAt).toBeGreaterThan(350);
  });

  test('a slow transfer gets faster when its pace is changed', async () => {
    const { s3, server } = await sandbox();
    // At this pace it would take half an hour.
    const pace = { bytesPerSecond: 100 };
    server.faults.add({ operation: 'PutObject', do: pace });
    const written = put(s3, 'k', bytes(200_000));
    await expect.poll(() => server.requests.count('PutObject'), { timeout: 20_000 }).toBe(1);
    pace.bytesPerSecond = Number.POSITIVE_INFINITY;
    await written;
    expect((await server.read(Bucket, 'k')).length).toBe(200_000);
  });

  test('says 200 but means an error', async () => {
    const { s3, server } = await sandbox({}, once);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'x' }),
    );
    server.faults.add({
      operation: 'CompleteMultipartUpload',
      times: 1,
      do: { okWithError: 'InternalError' },
    });
    const complete = () =>
      s3.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key: 'k',
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        }),
      );
    expect((await failure(complete())).code).toBe('InternalError');
    expect(await server.list(Bucket)).toEqual([]);
    await complete();
    expect(await server.list(Bucket)).toHaveLength(1);
  });

  test('is down, and up again', async () => {
    const { s3, server } = await sandbox({}, once);
    await put(s3, 'before');
    server.faults.down = true;
    expect(await failure(put(s3, 'k'))).toBeTruthy();
    server.faults.down = false;
    await put(s3, 'k');
    expect(await server.list(Bucket)).toHaveLength(2);
  });

  test('going down cuts what is under way', async () => {
    const { s3, server, dir } = await sandbox({}, once);
    server.faults.add({ operation: 'PutObject', do: { bytesPerSecond: 100 } });
    const written = failure(put(s3, 'k', bytes(200_000)));
    await expect.poll(() => server.requests.count('PutObject'), { timeout: 20_000 }).toBe(1);
    server.faults.down = true;
    expect(await written).toBeTruthy();
    await expect.poll(() => leftovers(dir), { timeout: 20_000 }).toEqual([]);
  });

  test('imitates stores that can do less', async () => {
    const { s3, server } = await sandbox({}, once);
    server.faults.compat.noTrailers = true;
    const stream = () =>
      s3.send(
        new PutObjectCommand({
          Bucket,
          Key: 's',
          Body: Readable.from([Buffer.from('abc')]),
          ContentLength: 3,
        }),
      );
    expect(await failure(stream())).toEqual({ code: 'MissingContentLength', status: 411 });
    server.faults.clear();
    await stream();

    server.faults.compat.noChecksums = true;
    const wrong = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'c', Body: 'x', ChecksumCRC32: 'AAAAAA==' }),
    );
    expect(wrong.ChecksumCRC32).toBeUndefined();
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'c', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC32).toBeUndefined();
    server.faults.clear();

    server.faults.compat.noConditional = true;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'c', Body: 'over', IfNoneMatch: '*' }));
    expect((await server.read(Bucket, 'c')).toString()).toBe('over');
  });
});
