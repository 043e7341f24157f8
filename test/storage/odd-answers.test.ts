import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { listPage, unfinishedUploads } from '../../src/storage/inventory.ts';
import { abortLeftovers } from '../../src/storage/leftovers.ts';
import { whyNotReadable } from '../../src/storage/readable.ts';
import { openDialects, type Speaking } from './dialects.ts';

/** Keys that look different once they are encoded, or decoded. */
const NAMES = ['a b.txt', 'a+b.txt', 'a%20b.txt', 'a&b.txt', 'grün.txt', '100%.txt', 'ж'];

let store: Speaking;
beforeAll(async () => {
  store = await openDialects();
});
afterAll(() => store.close());

const fill = async ({ client, name: Bucket }: Bucket, keys: string[]) => {
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
};

describe('listings', () => {
  it.each([
    ['does as it says', []],
    ['does not encode', ['encoding-ignored']],
    ['says that it encodes, and does not', ['encoding-only-echoed']],
  ] as const)('show the keys as they are in a store that %s', async (_habit, dialect) => {
    const bucket = await store.open(dialect);
    const keys = NAMES.map((name) => `p/${name}`).sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    await fill(bucket, keys);
    expect((await listPage(bucket, '')).objects.map(({ key }) => key)).toEqual(keys);
  });

  it.each([
    ['begins where it is asked to', []],
    ['always begins with the first key', ['start-after-ignored']],
  ] as const)('go on behind a key in a store that %s', async (_habit, dialect) => {
    const bucket = await store.open(dialect);
    const keys = ['p/1', 'p/2', 'p/3'];
    await fill(bucket, keys);
    const behind = async (key: string) => (await listPage(bucket, key)).objects.map((one) => one.key);
    expect([await behind('p/1'), await behind('p/2'), await behind('p/3')]).toEqual([
      ['p/2', 'p/3'],
      ['p/3'],
      [],
    ]);
  });
});

describe.each(['uploads-404', 'uploads-400', 'uploads-405'] as const)(
  'a store that lists no uploads (%s)',
  (dialect) => {
    it('stops neither a comparison nor a capture', async () => {
      const bucket = await store.open([dialect]);
      expect(await unfinishedUploads(bucket)).toEqual([]);
      await expect(abortLeftovers(bucket, 'p/a')).resolves.toBeUndefined();
    });
  },
);

it('a listing of uploads with wrong credentials is a failure, not an empty one', async () => {
  const bucket = await store.open([]);
  await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key: 'p/a' }));
  store.server.faults.add({
    operation: 'ListMultipartUploads',
    times: 1,
    do: { status: 403, code: 'InvalidAccessKeyId' },
  });
  await expect(unfinishedUploads(bucket)).rejects.toMatchObject({ code: 'bucket_credentials' });
  store.server.faults.clear();
});

describe('a link to an object', () => {
  const put = async (dialect: Parameters<Speaking['open']>[0], more: object = {}) => {
    const bucket = await store.open(dialect);
    const command = new PutObjectCommand({ Bucket: bucket.name, Key: 'p/a', Body: 'bytes', ...more });
    await bucket.client.send(command);
    return bucket;
  };
  const why = (bucket: Bucket, key = 'p/a') => whyNotReadable(bucket, { key, versionId: null });

  it('works where a byte can be read, and for an empty object', async () => {
    expect(await why(await put([]))).toBeNull();
    expect(await why(await put([], { Body: '' }))).toBeNull();
  });

  it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)('does not work in %s', async (StorageClass) => {
    expect(await why(await put([], { StorageClass }))).toBe('archived');
  });

  it('does not work under a key that may not be used, nor where nothing is', async () => {
    const closed = await put([]);
    await store.server.speak(closed.name, ['other-kms-key']);
    expect(await why(closed)).toBe('closed');
    expect(await why(await put([]), 'p/b')).toBe('gone');
  });

  it('is given when the store does not say', async () => {
    const bucket = await put([]);
    store.server.faults.add({ operation: 'GetObject', do: { status: 503, code: 'SlowDown' } });
    expect(await why(bucket)).toBeNull();
    store.server.faults.clear();
  });
});
