import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DialectName, Habit, StoreName } from '../../sandbox/s3/dialects/index.ts';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type Bucket, type Capabilities, openBucket } from '../../src/storage/bucket.ts';
import { StorageError } from '../../src/storage/errors.ts';
import { checkBucket } from '../../src/storage/health.ts';
import { listPage, unfinishedUploads } from '../../src/storage/inventory.ts';
import { legalHoldOf, setLegalHold } from '../../src/storage/legal-hold.ts';
import { putObject } from '../../src/storage/put.ts';
import { removeObject } from '../../src/storage/remove.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

interface Expected {
  trailers: boolean;
  conditionalPut: boolean;
  checksums: boolean;
  etagIsMd5: boolean;
  proof: Capabilities['proof'];
  /** Objects cannot be removed: the code of the error. */
  keeps?: string | RegExp;
}

/** All that AWS can. */
const ALL: Expected = {
  ...{ trailers: true, conditionalPut: true, checksums: true, etagIsMd5: true },
  proof: 'crc32',
};
const NO_TRAILERS: Expected = { ...ALL, trailers: false, proof: 'md5' };
/** A put and an MD5, and nothing else. */
const LEAST: Expected = { ...NO_TRAILERS, conditionalPut: false, checksums: false };
const RETAINED = { ...ALL, keeps: /^(bucket_forbidden|object_retained)$/ };

/** What the vault must find out about each store, and then work with. */
const STORES = {
  ceph: { ...NO_TRAILERS, checksums: false },
  'swift-2.30': LEAST,
  'swift-2.38': ALL,
  cloudserver: LEAST,
  gofakes3: LEAST,
  minio: ALL,
  r2: NO_TRAILERS,
  gcs: LEAST,
  b2: { ...ALL, conditionalPut: false },
  'b2-2025': LEAST,
  'seaweedfs-old': NO_TRAILERS,
  oracle: { ...NO_TRAILERS, checksums: false },
  storj: NO_TRAILERS,
  least: LEAST,
  'aws-one-prefix': { ...ALL, keeps: 'bucket_forbidden' },
  'aws-default-retention': RETAINED,
  'aws-conditional': ALL,
  'aws-signed': ALL,
} satisfies Record<Exclude<StoreName, 'aws-kms'>, Expected>;

/** The same for single habits that no store above shows. */
const HABITS: Partial<Record<Habit, Expected>> = {
  'conditions-ignored': { ...ALL, conditionalPut: false },
  'etags-not-md5': { ...ALL, etagIsMd5: false },
  'etags-unquoted': ALL,
  'trailers-500': NO_TRAILERS,
  'trailers-reset': NO_TRAILERS,
  'trailers-hang': NO_TRAILERS,
  'frames-kept': NO_TRAILERS,
  'encoding-kept': NO_TRAILERS,
  'checksums-not-echoed': ALL,
  'checksum-headers-400': { ...ALL, checksums: false },
  'checksum-headers-excess': { ...ALL, checksums: false },
  'no-full-object': ALL,
  'odd-types-415': ALL,
  'encoding-ignored': ALL,
  'encoding-only-echoed': ALL,
  'start-after-ignored': ALL,
  'short-pages': ALL,
  'versions-501': ALL,
  'versions-403': ALL,
  'uploads-405': ALL,
  'checksum-mode-400': ALL,
  'head-bucket-403': ALL,
  'wants-signed-payload': { ...NO_TRAILERS, proof: 'md5' },
  'default-governance': RETAINED,
  'busy-at-first': ALL,
  versioned: ALL,
};

let server: S3Server;
const opened: Bucket[] = [];
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-dialects-'));
  const credentials = { accessKeyId: 'sandboxkey', secretAccessKey: 'sandboxsecret' };
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_REGION = 'us-east-1';
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  server = await startS3({ dir, credentials, buckets: [] });
});
afterAll(async () => {
  for (const bucket of opened) bucket.close();
  await server?.close();
  await rm(dir, { recursive: true, force: true });
});

/** Opens a new bucket that speaks so. */
async function open(...dialects: DialectName[]): Promise<Bucket> {
  const name = `vault-${dialects.join('-')}`.slice(0, 63);
  await server.speak(name, dialects);
  const bucket = await openBucket({
    ...{ bucket: name, prefix: 'team', pathStyle: true, endpoint: server.endpoint },
    ...{ stallMs: 10_000, singlePutBytes: MIB, maxAttempts: 3 },
  });
  opened.push(bucket);
  return bucket;
}

const bytesOf = (length: number, seed: string) => Buffer.alloc(length, `These are the bytes of ${seed}. `);

function put(bucket: Bucket, name: string, length: number, known = true) {
  const bytes = bytesOf(length, name);
  const body = Readable.from([bytes.subarray(0, length / 2), bytes.subarray(length / 2)], {
    objectMode: false,
  });
  return putObject(bucket, {
    ...{ key: `team/${name}`, body, length: known ? length : null },
    ...{ contentType: 'text/plain', metadata: { team: 'T1', file: name } },
  });
}

/** Small, in one stream, in parts: each is stored whole, and a second attempt takes over what is there. */
async function storesEverything(bucket: Bucket, partsBytes: number): Promise<void> {
  for (const [name, length, known] of [
    ['small', KIB, true],
    ['stream', 200 * KIB, true],
    ['parts', partsBytes, false],
  ] as const) {
    const bytes = bytesOf(length, name);
    for (const _attempt of ['first', 'second']) {
      const stored = await put(bucket, name, length, known);
      expect(stored).toMatchObject({
        bytes: length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(bytes.equals(await server.read(bucket.name, `team/${name}`))).toBe(true);
    }
  }
}

/** Every key once, page after page. */
async function everyKey(bucket: Bucket): Promise<string[]> {
  const keys: string[] = [];
  let after = '';
  for (let pages = 0; pages < 20; pages++) {
    const { objects, until } = await listPage(bucket, after);
    keys.push(...objects.map(({ key }) => key));
    if (until === null) return keys;
    after = until;
  }
  throw new Error('the listing has no end');
}

const code = (error: unknown) => (error instanceof StorageError ? error.code : error);

/** Opens, stores, takes over, lists and removes. `partsBytes` of unknown length go in parts of 8 MiB. */
async function works(bucket: Bucket, { keeps, ...able }: Expected, partsBytes = 300 * KIB): Promise<void> {
  expect(bucket.capabilities).toMatchObject(able);
  const written = (await server.list(bucket.name)).map(({ key }) => key);
  expect(written.length, 'the probe leaves at most one object').toBeLessThanOrEqual(1);
  for (const key of written) expect(key).toMatch(/^team\/\.vault-probe\/\w+$/);
  await storesEverything(bucket, partsBytes);
  expect(await everyKey(bucket)).toEqual(['team/parts', 'team/small', 'team/stream']);
  expect(await unfinishedUploads(bucket)).toEqual([]);
  await checkBucket(bucket);
  const removed = await removeObject(bucket, 'team/small').then(() => 'removed', code);
  expect(removed).toEqual(keeps ? expect.stringMatching(keeps) : 'removed');
  const left = (await server.list(bucket.name)).some(({ key }) => key === 'team/small');
  expect(left).toBe(keeps !== undefined);
}

describe.concurrent('a store like', () => {
  it.each(Object.entries(STORES) as [StoreName, Expected][])('%s works', async (store, expected) => {
    await works(await open(store), expected, 9 * MIB);
  });

  it.each(['swift-2.30', 'swift-2.38', 'minio', 'gofakes3'] as const)(
    '%s works with versions',
    async (store) => {
      await works(await open(store, 'versioned'), STORES[store]);
    },
  );
});

describe.concurrent('a store with the habit', () => {
  it.each(Object.entries(HABITS) as [Habit, Expected][])('%s works', async (habit, expected) => {
    await works(await open(habit), expected);
  });

  it.each([
    ['redirects-301', 'bucket_region'],
    ['redirects-307', 'bucket_region'],
    ['aws-kms', 'bucket_forbidden'],
  ] as const)('%s is told as %s', async (dialect, expected) => {
    await expect(open(dialect)).rejects.toMatchObject({ code: expected });
  });
});

describe('habits that show later', () => {
  it('an object that was cut off, and kept so by the store, is not taken over', async () => {
    const bucket = await open('swift-2.30', 'versioned', 'short-pages');
    const bytes = bytesOf(400 * KIB, 'stream');
    const metadata = { team: 'T1', file: 'stream' };
    const broken = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 100 * KIB);
        await expect
          .poll(() => server.requests.list.at(-1)?.operation, { timeout: 20_000 })
          .toBe('PutObject');
        yield bytes.subarray(0, 100 * KIB);
        throw new Error('the source broke');
      })(),
      { objectMode: false },
    );
    const request = { key: 'team/stream', length: bytes.length, contentType: 'text/plain', metadata };
    await expect(putObject(bucket, { ...request, body: broken })).rejects.toMatchObject({
      code: 'body_failed',
    });
    const size = async () =>
      (await server.list(bucket.name)).find(({ key }) => key === 'team/stream')?.size ?? 0;
    await expect.poll(size, { timeout: 20_000 }).toBeGreaterThan(0);
    await putObject(bucket, { ...request, body: Readable.from([bytes], { objectMode: false }) });
    expect(bytes.equals(await server.read(bucket.name, 'team/stream'))).toBe(true);
  });

  it("Ceph's holds reach the bucket", async () => {
    const bucket = await open('ceph', 'object-lock');
    await put(bucket, 'held', KIB);
    const version = { key: 'team/held', versionId: null };
    expect(await legalHoldOf(bucket, version)).toBe(false);
    await setLegalHold(bucket, version, true);
    expect(await legalHoldOf(bucket, version)).toBe(true);
  });

  it.each([['encoding-ignored'], ['encoding-only-echoed']] as const)(
    '%s: a key with a percent sign stops no listing',
    async (habit) => {
      const bucket = await open(habit, 'short-pages');
      await bucket.client.send(
        new PutObjectCommand({ Bucket: bucket.name, Key: 'team/100% sure', Body: 'x' }),
      );
      expect(await everyKey(bucket)).toEqual(['team/100% sure']);
    },
  );

  it.each([['minio'], ['start-after-ignored']] as const)(
    '%s: a listing of many pages ends',
    async (habit) => {
      const bucket = await open(habit, 'short-pages');
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      for (const name of names) await put(bucket, name, KIB);
      const found = await everyKey(bucket).catch(code);
      if (habit === 'minio' || Array.isArray(found))
        expect(found).toEqual(names.map((name) => `team/${name}`));
      else expect(found).toBe('bucket_unordered');
    },
  );

  it('keys in the order of UTF-16 are told, not skipped', async () => {
    const bucket = await open('utf16-order');
    for (const name of ['\uffee', '😀'])
      await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: `team/${name}`, Body: 'x' }));
    expect(await listPage(bucket, '').catch(code)).toBe('bucket_unordered');
  });
});
