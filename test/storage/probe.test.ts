import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialectName } from '../../sandbox/s3/dialects/index.ts';
import type { Bucket, BucketConfig, Capabilities } from '../../src/storage/bucket.ts';
import { checkBucket } from '../../src/storage/health.ts';
import { measureBuffer } from '../../src/storage/measure.ts';
import { putObject } from '../../src/storage/put.ts';
import { openStores, type Stores } from './dialects.ts';

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

const bytes = randomBytes(9 * 1024 * 1024);
let count = 0;

/** Stores a file of each size that is sent in its own way. */
async function storeAll(bucket: Bucket): Promise<void> {
  for (const length of [100, 100_000, ...(bucket.capabilities.wholeOnly ? [bytes.length] : [])]) {
    const body = bytes.subarray(0, length);
    const key = `${bucket.prefix}/T1/C1/${++count}/file.bin`;
    const request = { key, length, contentType: 'a/b', metadata: { team: 'T1', file: `F${count}` } };
    const stored = await putObject(bucket, { ...request, body: Readable.from([body]) });
    expect(stored).toMatchObject({ bytes: length, sha256: measureBuffer(body).sha256 });
    // A second attempt finds the first one's object.
    const again = await putObject(bucket, { ...request, body: Readable.from([body]) });
    expect(again).toMatchObject({ bytes: length, sha256: stored.sha256 });
  }
}

const KNOWN: ReadonlyArray<[DialectName[], Partial<Capabilities>]> = [
  [[], ALL],
  [['trailers-411'], NO_TRAILERS],
  [['trailers-403'], NO_TRAILERS],
  [['trailers-500'], NO_TRAILERS],
  [['trailers-501'], NO_TRAILERS],
  [['trailers-reset'], NO_TRAILERS],
  [['trailers-hang'], NO_TRAILERS],
  [['frames-kept'], NO_TRAILERS],
  [['encoding-kept'], NO_TRAILERS],
  [['conditions-501'], { ...ALL, conditionalPut: false }],
  [['conditions-ignored'], { ...ALL, conditionalPut: false }],
  [['checksums-ignored'], { ...NO_TRAILERS, checksums: false }],
  [['checksum-headers-excess'], { ...ALL, checksums: false }],
  [['checksum-headers-400'], { ...ALL, checksums: false }],
  [['checksum-mode-400'], { ...ALL, checksumMode: false }],
  [['checksums-not-echoed'], ALL],
  [['etags-not-md5'], { ...ALL, etagIsMd5: false }],
  [['etags-not-md5', 'trailers-411'], { ...NO_TRAILERS, etagIsMd5: false, proof: 'size' }],
  [['etags-unquoted'], ALL],
  [['no-full-object'], ALL],
  [['head-bucket-403'], ALL],
  [['list-needs-prefix', 'head-bucket-403'], ALL],
  [['no-delete'], ALL],
  [['wants-if-none-match'], ALL],
  [['wants-if-none-match', 'no-delete'], ALL],
  [['no-unsigned-payload'], ALL],
  [['no-unsigned-payload', 'trailers-403'], { ...NO_TRAILERS, wholeOnly: true }],
  [['wants-signed-payload'], { ...NO_TRAILERS, wholeOnly: true }],
  [['busy-at-first'], ALL],
  [['ceph'], NO_TRAILERS],
  [['swift-2.30'], { ...NO_TRAILERS, conditionalPut: false, checksums: false }],
  [['swift-2.38'], ALL],
  [['cloudserver'], { ...NO_TRAILERS, conditionalPut: false, checksums: false }],
  [['gofakes3'], { ...NO_TRAILERS, conditionalPut: false, checksums: false }],
  [['minio'], ALL],
  [['r2'], ALL],
  [['gcs'], { ...NO_TRAILERS, conditionalPut: false, checksums: false }],
  [['b2'], { ...ALL, conditionalPut: false }],
  [['b2-2025'], { ...NO_TRAILERS, conditionalPut: false, checksums: false, checksumMode: false }],
  [['seaweedfs-old'], NO_TRAILERS],
  [['oracle'], { ...NO_TRAILERS, checksums: false }],
  [['storj'], NO_TRAILERS],
  [['aws-one-prefix'], ALL],
];

describe.each(KNOWN)('a store that speaks %j', (dialects, able) => {
  let config: BucketConfig;
  let bucket: Bucket;
  beforeAll(async () => {
    config = await stores.speaking(...dialects);
    bucket = await stores.open(config);
  });

  it('is known for what it can do, at every start', async () => {
    expect(bucket.capabilities).toMatchObject(able);
    if (dialects[0] === 'trailers-hang') return;
    const again = await Promise.all([stores.open(config), stores.open(config), stores.open(config)]);
    for (const { capabilities } of again) expect(capabilities).toMatchObject(able);
  });

  it('has at most one object more', async () => {
    const keys = (await stores.server.list(config.bucket)).map(({ key }) => key);
    expect(keys).toEqual(dialects.some((name) => /no-delete|one-prefix/.test(name)) ? [PROBE] : []);
  });

  it('stores files of every size, and answers when it is asked for its health', async () => {
    await storeAll(bucket);
    await checkBucket(bucket);
  });
});

const PROBE = 'files/.vault-probe/object';

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
