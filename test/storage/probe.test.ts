import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import type { Bucket, Capabilities } from '../../src/storage/bucket.ts';
import { measureBuffer } from '../../src/storage/measure.ts';
import { putObject } from '../../src/storage/put.ts';
import { openStores, type Stores } from './stores.ts';

let stores: Stores;
let versioned: Stores;
beforeAll(async () => {
  [stores, versioned] = await Promise.all([openStores(), openStores({ versioning: true })]);
});
afterAll(() => Promise.all([stores.close(), versioned.close()]));

const ALL: Partial<Capabilities> = {
  ...{ trailers: true, conditionalPut: true, checksums: true, etagIsMd5: true, checksumMode: true },
  ...{ wholeOnly: false, proof: 'crc32' },
};
const NO_TRAILERS: Partial<Capabilities> = { ...ALL, trailers: false, proof: 'md5' };

const PROBE = 'files/.vault-probe/object';
const CLUMSY: Partial<Capabilities> = { ...NO_TRAILERS, conditionalPut: false, checksums: false };

/** Each alone is tried by `dialects.test.ts`; here, several starts, and what comes together. */
const KNOWN: ReadonlyArray<[DialectName[], Partial<Capabilities>]> = [
  [[], ALL],
  [['trailers-411'], NO_TRAILERS],
  [['trailers-500'], NO_TRAILERS],
  [['frames-kept'], NO_TRAILERS],
  [['frames-kept', 'no-delete'], NO_TRAILERS],
  [['encoding-kept'], NO_TRAILERS],
  [['encoding-kept', 'no-delete'], NO_TRAILERS],
  [['conditions-501'], { ...ALL, conditionalPut: false }],
  [['conditions-501', 'no-delete'], { ...ALL, conditionalPut: false }],
  [['conditions-ignored', 'no-delete'], { ...ALL, conditionalPut: false }],
  [['checksums-ignored'], { ...NO_TRAILERS, checksums: false }],
  [['checksums-ignored', 'no-delete'], { ...NO_TRAILERS, checksums: false }],
  [['checksum-headers-400', 'no-delete'], { ...ALL, checksums: false, md5Checked: true }],
  [['checksum-mode-400'], { ...ALL, checksumMode: false }],
  [['etags-not-md5', 'trailers-411'], { ...NO_TRAILERS, etagIsMd5: false, proof: 'size' }],
  [['head-bucket-403', 'list-needs-prefix', 'no-delete', 'lock-config-403'], ALL],
  [['no-list', 'head-bucket-403'], ALL],
  [['wants-if-none-match'], ALL],
  [['wants-if-none-match', 'no-delete'], ALL],
  [['wants-if-none-match', 'no-delete', 'trailers-411'], NO_TRAILERS],
  [['no-unsigned-payload', 'trailers-403'], { ...NO_TRAILERS, wholeOnly: true }],
  [['wants-signed-payload', 'no-delete'], { ...NO_TRAILERS, wholeOnly: true }],
  [['default-retention', 'trailers-501'], { ...NO_TRAILERS, wholeOnly: true }],
  [['gofakes3', 'no-delete'], CLUMSY],
  [['b2-2025'], { ...CLUMSY, checksumMode: false }],
  [['gcs'], CLUMSY],
];

describe.each(KNOWN)('a store that speaks %j', (dialects, able) => {
  it('is known for what it can do at every start, and keeps at most one object', async () => {
    const config = await stores.speaking(...dialects);
    const keys = async () => (await stores.server.list(config.bucket)).map(({ key }) => key);
    const isKept = dialects.some((name) => name === 'no-delete' || name === 'default-retention');
    for (const starts of [1, 4, 1]) {
      const opened = await Promise.all(Array.from({ length: starts }, () => stores.open(config)));
      for (const { capabilities } of opened) expect(capabilities).toMatchObject(able);
      expect(await keys()).toEqual(isKept ? [PROBE] : []);
    }
  });
});

const bytes = randomBytes(17 * 1024 * 1024);
let count = 0;
const put = (bucket: Bucket, length: number, contentType = 'a/b') => {
  const body = bytes.subarray(0, length);
  const metadata = { team: 'T1', file: `F${++count}` };
  const key = `${bucket.prefix}/T1/C1/${count}/file.bin`;
  return putObject(bucket, { key, body: Readable.from([body]), length, contentType, metadata });
};

it('where no stream is taken, files go in parts that are hashed before', async () => {
  for (const dialects of [['wants-signed-payload'], ['default-retention', 'trailers-403']] as const) {
    const bucket = await stores.open(await stores.speaking(...dialects));
    for (const length of [0, 100, 64 * 1024, 100_000, 9 * 1024 * 1024]) {
      const stored = await put(bucket, length);
      expect(stored).toMatchObject({ bytes: length, proof: 'crc32' });
      expect(stored.sha256).toBe(measureBuffer(bytes.subarray(0, length)).sha256);
    }
  }
});

it('a body in memory is sent without its type to a store that does not take it', async () => {
  const bucket = await stores.open(await stores.speaking('odd-types-415'));
  expect(await put(bucket, 100, 'x-odd/@type')).toMatchObject({ bytes: 100 });
  expect(await put(bucket, 17 * 1024 * 1024, 'a/b')).toMatchObject({ bytes: 17 * 1024 * 1024 });
});

describe('trouble at the start', () => {
  afterEach(() => {
    stores.server.faults.clear();
    vi.useRealTimers();
  });

  it('only the failure of the simplest put is told', async () => {
    const { faults } = stores.server;
    const config = await stores.speaking('trailers-500');
    faults.add({ operation: 'PutObject', do: { status: 403, code: 'AccessDenied' } });
    await expect(stores.open(config)).rejects.toMatchObject({ code: 'bucket_forbidden' });
  });

  it('of the one put that a policy allows may pass: then it is tried again', async () => {
    const { faults } = stores.server;
    const config = { ...(await stores.speaking('wants-if-none-match')), maxAttempts: 1 };
    faults.add({ operation: 'PutObject', times: 20, do: { status: 503, code: 'SlowDown' } });
    await expect(stores.open(config)).rejects.toMatchObject({ code: 'bucket_busy' });
  });

  it('another bot has removed the object, where what is missing is forbidden', async () => {
    const { faults } = stores.server;
    const config = await stores.speaking('no-list');
    // The first look, when there is no object; then with and without the checksum. After that, it is looked at again.
    faults.add({ operation: 'HeadObject', times: 3, do: { status: 403, code: 'AccessDenied' } });
    expect((await stores.open(config)).capabilities).toMatchObject(ALL);
  });

  it('that lasts a while is no reason for poor writes for ever: the bot looks again', async () => {
    const config = { ...(await stores.speaking()), maxAttempts: 1 };
    const { faults } = stores.server;
    // The richest put, twice: of a wrong checksum, and what follows.
    faults.add({ operation: 'PutObject', times: 2, do: { status: 503, code: 'SlowDown' } });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const bucket = await stores.open(config);
    expect(bucket.capabilities).toMatchObject({ trailers: false, conditionalPut: true });
    faults.clear();
    await vi.advanceTimersByTimeAsync(61_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(bucket.capabilities).toMatchObject(ALL), 20_000);
  });
});

describe('a bucket with versions', () => {
  it.each<[DialectName[], number]>([
    [[], 0],
    [['no-delete'], 1],
    [['no-delete', 'wants-if-none-match'], 1],
    [['no-delete', 'trailers-411'], 1],
    [['refused-puts-kept'], 0],
    [['versions-403'], 1],
  ])('that speaks %j keeps %i version of the object after three starts', async (dialects, kept) => {
    const config = await versioned.speaking(...dialects);
    for (let start = 0; start < 3; start++) {
      const { capabilities } = await versioned.open(config);
      expect(capabilities).toMatchObject({ versioning: true, conditionalPut: true, checksums: true });
    }
    expect(await versioned.versions(config)).toEqual(Array(kept).fill(PROBE));
  });
});
