import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import type { Bucket } from '../../src/storage/bucket.ts';
import { measureBuffer } from '../../src/storage/measure.ts';
import { piecesOf } from '../../src/storage/pieces.ts';
import { putObject } from '../../src/storage/put.ts';
import { openStores, type Stores } from './stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
afterEach(() => stores.server.faults.clear());

const bytes = randomBytes(17 * 1024 * 1024);
let count = 0;

async function put(bucket: Bucket) {
  const key = `${bucket.prefix}/${++count}/file.bin`;
  const metadata = { team: 'T1', file: `F${count}` };
  const body = Readable.from([bytes]);
  const stored = await putObject(bucket, { key, body, length: null, contentType: 'a/b', metadata });
  expect(stored).toMatchObject({ bytes: bytes.length, ...sums });
  const answer = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
  expect(bytes.equals((await answer.Body?.transformToByteArray()) as Uint8Array)).toBe(true);
  expect(await stores.server.uploads(bucket.name)).toEqual([]);
  return stored;
}
const { sha256, crc32 } = measureBuffer(bytes);
const sums = { sha256, crc32 };

describe('parts', () => {
  it.each<[DialectName[], string, string]>([
    [[], 'full', 'crc32'],
    [['checksum-mode-400'], 'full', 'crc32'],
    [['checksums-not-echoed'], 'full', 'crc32'],
    [['no-full-object'], 'composite', 'crc32'],
    [['r2'], 'composite', 'crc32'],
    [['no-full-object', 'checksum-mode-400'], 'composite', 'crc32'],
    [['checksums-not-echoed', 'checksum-mode-400'], 'full', 'crc32'],
    [['checksum-headers-400'], 'md5', 'md5'],
    [['checksum-headers-400', 'etags-not-md5'], 'md5', 'md5'],
    [['checksums-ignored'], 'md5', 'md5'],
    [['gcs'], 'md5', 'md5'],
    [['b2-2025'], 'md5', 'md5'],
    [['swift-2.38'], 'full', 'crc32'],
  ])('at a store that speaks %j are proven by %s: %s', async (dialects, parts, proof) => {
    const bucket = await stores.open(await stores.speaking(...dialects));
    expect((await put(bucket)).proof).toBe(proof);
    expect(bucket.capabilities.parts).toBe(parts);
    stores.server.requests.reset();
    expect((await put(bucket)).proof).toBe(proof);
    // What is refused is asked for only once.
    expect(stores.server.requests.count('CreateMultipartUpload')).toBe(1);
  });

  it.each([
    ['CreateMultipartUpload', 501, 'composite'],
    ['CreateMultipartUpload', 400, 'composite'],
    ['CreateMultipartUpload', 403, 'composite'],
    ['UploadPart', 400, 'composite'],
    ['CompleteMultipartUpload', 400, 'full'],
  ] as const)('go on more simply when %s is refused once with %i', async (operation, status, parts) => {
    const bucket = await stores.open(await stores.speaking());
    stores.server.faults.add({ operation, times: 1, do: { status, code: 'InvalidRequest' } });
    await put(bucket);
    expect(bucket.capabilities.parts).toBe(parts);
  });

  it('try the richer form again after a failure of the server itself', async () => {
    const bucket = await stores.open({ ...(await stores.speaking()), maxAttempts: 1 });
    const failure = { status: 500, code: 'InternalError' };
    stores.server.faults.add({ operation: 'CreateMultipartUpload', times: 1, do: failure });
    await put(bucket);
    expect(bucket.capabilities.parts).toBeUndefined();
    await put(bucket);
    expect(bucket.capabilities.parts).toBe('full');
  });

  it('are forgotten as a way that works when the end is refused, so the next attempt is simpler', async () => {
    const bucket = await stores.open(await stores.speaking());
    const failure = { status: 400, code: 'InvalidRequest' };
    const { remove } = stores.server.faults.add({ operation: 'CompleteMultipartUpload', do: failure });
    await expect(put(bucket)).rejects.toMatchObject({ code: 'bucket_refused' });
    expect(bucket.capabilities.parts).toBe('composite');
    expect(await stores.server.uploads(bucket.name)).toEqual([]);
    remove();
    await put(bucket);
  });

  it('are not blamed when the end is refused for want of rights', async () => {
    const bucket = await stores.open(await stores.speaking());
    const failure = { status: 403, code: 'AccessDenied' };
    const { remove } = stores.server.faults.add({ operation: 'CompleteMultipartUpload', do: failure });
    await expect(put(bucket)).rejects.toMatchObject({ code: 'bucket_forbidden' });
    remove();
    expect(bucket.capabilities.parts).toBe('full');
  });

  it('that are one part are one put', async () => {
    const bucket = await stores.open(await stores.speaking());
    stores.server.requests.reset();
    const body = Readable.from([bytes.subarray(0, 100)]);
    const metadata = { team: 'T1', file: 'F1' };
    const key = `${bucket.prefix}/one`;
    await putObject(bucket, { key, body, length: null, contentType: 'a/b', metadata });
    expect(stores.server.requests.count('CreateMultipartUpload')).toBe(0);
    expect(stores.server.requests.count('PutObject')).toBe(1);
  });
});

it.each([0, 1, 9, 10, 11, 20, 25])('a body of %i bytes is cut into pieces of ten', async (length) => {
  for (const chunk of [1, 3, 10, 25]) {
    const source = async function* () {
      for (let at = 0; at < length; at += chunk) yield bytes.subarray(at, Math.min(at + chunk, length));
    };
    const pieces = [];
    for await (const piece of piecesOf(source(), 10)) pieces.push(piece);
    expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes.subarray(0, length))).toBe(true);
    expect(pieces.map(({ number }) => number)).toEqual(pieces.map((_, index) => index + 1));
    expect(pieces.map(({ isLast }) => isLast)).toEqual(pieces.map((_, n) => n === pieces.length - 1));
    expect(pieces).toHaveLength(Math.max(1, Math.ceil(length / 10)));
  }
});
