import { randomBytes } from 'node:crypto';
import { GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { setAside } from '../../src/storage/inventory.ts';
import { presignDownload } from '../../src/storage/presign.ts';
import { putObject } from '../../src/storage/put.ts';
import { writeHeaders } from '../../src/storage/write-headers.ts';
import { openDialects, type Speaking } from './dialects.ts';

const SETTINGS = {
  kmsKeyId: 'alias/vault',
  storageClass: 'STANDARD_IA',
  tags: { team: 'legal = co', 'cost/center': '47+11' },
  expectedOwner: '111122223333',
};

describe('what settings ask for', () => {
  let store: Speaking;
  let bucket: Bucket;
  beforeAll(async () => {
    store = await openDialects();
    // Its policy refuses every write without aws:kms, the first one at the start too.
    bucket = await store.open(['wants-kms'], { ...SETTINGS, singlePutBytes: 6 * 1024 * 1024 });
  });
  afterAll(() => store.close());

  const put = (key: string, bytes: number) => {
    const body = randomBytes(bytes);
    const metadata = { team: 'T1', file: key };
    return putObject(bucket, {
      key: `p/${key}`,
      body: [body] as never,
      length: bytes,
      contentType: 'a/b',
      metadata,
    });
  };
  const facts = async (Key: string) => {
    const { client, name: Bucket } = bucket;
    const { ServerSideEncryption, SSEKMSKeyId, StorageClass } = await client.send(
      new HeadObjectCommand({ Bucket, Key }),
    );
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return {
      ServerSideEncryption,
      SSEKMSKeyId,
      StorageClass,
      tags: Object.fromEntries(TagSet.map((tag) => [tag.Key, tag.Value])),
    };
  };
  const asked = {
    ...{ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: expect.stringContaining('alias/vault') },
    ...{ StorageClass: 'STANDARD_IA', tags: SETTINGS.tags },
  };

  it.each([
    ['a small body', 10],
    ['a stream', 200_000],
    ['parts', 12 * 1024 * 1024],
  ])('goes with %s', async (name, bytes) => {
    await put(name, bytes);
    expect(await facts(`p/${name}`)).toEqual(asked);
  });

  it('goes with a small body that the SDK sends again, and with a copy', async () => {
    store.server.faults.add({ operation: 'PutObject', times: 1, do: { status: 500, code: 'InternalError' } });
    await put('again', 10);
    expect(await facts('p/again')).toEqual(asked);
    expect(await facts(await setAside(bucket, 'p/again', 'x'))).toEqual(asked);
  });

  it('is not asked of browsers', async () => {
    await put('linked', 10);
    const link = { key: 'p/linked', name: 'a.txt', contentType: 'text/plain', expiresSeconds: 60 };
    const url = await presignDownload(bucket, link);
    expect(url).not.toMatch(/owner|encryption/i);
    expect((await fetch(url)).status).toBe(200);
  });

  it('an owner that is another one refuses at the start, and is named', async () => {
    const other = store.open([], { expectedOwner: '999999999999' });
    await expect(other).rejects.toMatchObject({
      code: 'bucket_forbidden',
      message: expect.stringContaining('VAULT_S3_EXPECTED_OWNER'),
    });
  });

  it('a class that the store does not know is named at the start', async () => {
    await expect(store.open([], { storageClass: 'LUKEWARM' })).rejects.toMatchObject({
      message: expect.stringContaining('VAULT_S3_STORAGE_CLASS'),
    });
  });
});

it('trailers can be switched off, whatever the store takes', async () => {
  const store = await openDialects();
  expect((await store.open([])).capabilities.trailers).toBe(true);
  expect((await store.open([], { trailers: false })).capabilities.trailers).toBe(false);
  await store.close();
});

it('is nothing where nothing is set', () => {
  expect(writeHeaders({})).toEqual({});
});
