import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findObject } from '../../src/storage/adopt.ts';
import { putObject } from '../../src/storage/put.ts';
import { openTarget, type Target } from './target.ts';

const MIB = 1024 * 1024;
const METADATA = { team: 'T1', file: 'F1' };

let target: Target;
let count = 0;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());

const newKey = () => `${target.bucket.prefix}/cut/${++count}/file.bin`;
const put = (key: string, bytes: Buffer, length: number | null = bytes.length) =>
  putObject(target.bucket, {
    ...{ key, body: Readable.from([bytes]), length, contentType: 'a/b', metadata: METADATA },
  });

/** What a store leaves of an upload that breaks off: the object's own metadata, and only a part of its bytes. */
async function cutOff(key: string, bytes: Buffer, to: number): Promise<void> {
  const { client, name: Bucket } = target.bucket;
  const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
  await client.send(new PutObjectCommand({ Bucket, Key: key, Metadata, Body: bytes.subarray(0, to) }));
}

describe('an object', () => {
  it.each([0, 1, 100, 100_000, 31 * MIB])('of %i bytes says its length', async (size) => {
    const key = newKey();
    await put(key, randomBytes(size));
    const head = await target.bucket.client.send(
      new HeadObjectCommand({ Bucket: target.bucket.name, Key: key }),
    );
    expect(head.Metadata).toMatchObject({ ...METADATA, length: String(size) });
  });

  it.each([100, 100_000, 9 * MIB])(
    'of %i bytes that was cut off is not taken over, but replaced',
    async (size) => {
      for (const known of [true, false]) {
        const [key, bytes] = [newKey(), randomBytes(size)];
        const { sha256 } = await put(key, bytes);
        await cutOff(key, bytes, size - 1);
        const wanted = { key, metadata: METADATA, length: null };
        await expect(findObject(target.bucket, wanted)).rejects.toMatchObject({ code: 'object_conflict' });
        // Where the object is in the way only when it is written, the write is tried again.
        const stored = await put(key, bytes, known ? size : null).catch((error) => {
          expect(error).toMatchObject({ code: 'bucket_race' });
          return put(key, bytes, known ? size : null);
        });
        expect(stored).toMatchObject({ bytes: size, sha256 });
      }
    },
  );

  it('with other bytes than its SHA-256 says is not taken over', async () => {
    const [key, bytes] = [newKey(), randomBytes(100)];
    await put(key, bytes);
    await cutOff(key, randomBytes(100), 100);
    const wanted = { key, metadata: METADATA, length: 100 };
    await expect(findObject(target.bucket, wanted)).rejects.toMatchObject({ code: 'object_conflict' });
  });

  it('of an earlier vault, which says no length, is taken over', async () => {
    const { client, name: Bucket } = target.bucket;
    const key = newKey();
    await client.send(new PutObjectCommand({ Bucket, Key: key, Metadata: METADATA, Body: 'old' }));
    expect(await findObject(target.bucket, { key, metadata: METADATA, length: 3 })).toMatchObject({
      bytes: 3,
    });
  });
});
