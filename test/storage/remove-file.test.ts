import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { unquote } from '../../src/storage/probe.ts';
import { removeFileObject } from '../../src/storage/remove-file.ts';
import { openDialects, type Speaking } from './dialects.ts';

const OURS = { team: 'T1', file: 'F1' };
const THEIRS = { team: 'T1', file: 'F2' };
const DAY = 86_400_000;

let store: Speaking;
beforeAll(async () => {
  store = await openDialects();
});
afterAll(() => store.close());

async function write(
  { client, name: Bucket }: Bucket,
  Key: string,
  {
    body = 'ours',
    as = OURS as Record<string, string>,
    ...more
  }: { body?: string; as?: Record<string, string> } & Partial<PutObjectCommandInput> = {},
) {
  const command = new PutObjectCommand({
    Bucket,
    Key,
    Body: body,
    Metadata: as,
    ChecksumAlgorithm: 'CRC32',
    ...more,
  });
  const { ETag, VersionId } = await client.send(command);
  return { key: Key, teamId: 'T1', fileId: 'F1', etag: unquote(ETag), versionId: VersionId ?? null };
}

const keysIn = async ({ name }: Bucket) => (await store.server.list(name)).map(({ key }) => key);
const read = async ({ name }: Bucket, key: string) => String(await store.server.read(name, key));

describe.each([
  ['compares on DELETE', []],
  ['ignores the condition', ['conditional-delete-ignored']],
  ['refuses every condition', ['conditions-501']],
] as const)('a bucket whose store %s', (_habit, dialect) => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await store.open(dialect);
  });

  it('loses the file’s object, and is content when there is none', async () => {
    for (const key of ['first', 'second']) {
      const object = await write(bucket, key);
      expect(await removeFileObject(bucket, object)).toBe('removed');
      expect(await removeFileObject(bucket, object)).toBe('removed');
    }
    expect(await keysIn(bucket)).toEqual([]);
  });

  it('keeps bytes of somebody else’s under the key', async () => {
    const object = await write(bucket, 'other');
    await write(bucket, 'other', { body: 'theirs', as: THEIRS });
    expect(await removeFileObject(bucket, object)).toBe('not_ours');
    expect(await read(bucket, 'other')).toBe('theirs');
  });

  it('knows an object without a description by its ETag alone', async () => {
    const object = await write(bucket, 'bare', { as: {} });
    await write(bucket, 'bare', { as: {}, body: 'other' });
    expect(await removeFileObject(bucket, object)).toBe('not_ours');
    expect(await removeFileObject(bucket, { ...object, etag: null })).toBe('not_ours');
    const again = await write(bucket, 'bare', { as: {} });
    expect(await removeFileObject(bucket, again)).toBe('removed');
  });

  it('loses an object of the file that was written anew, as by a copy to another class', async () => {
    const object = await write(bucket, 'copied');
    await write(bucket, 'copied', { body: 'ours in other clothes' });
    expect(await removeFileObject(bucket, object)).toBe('removed');
  });
});

it('bytes that come between the look and the removal stay, where the store compares', async () => {
  const bucket = await store.open([]);
  // The store's way of deleting is known from now on.
  await removeFileObject(bucket, await write(bucket, 'first'));
  const object = await write(bucket, 'raced');
  const { client } = bucket;
  let isFirst = true;
  const racing = Object.create(client, {
    send: {
      async value(command: object, ...rest: []) {
        if (command instanceof DeleteObjectCommand && isFirst) {
          isFirst = false;
          await write(bucket, 'raced', { body: 'theirs', as: THEIRS });
        }
        return client.send(command as DeleteObjectCommand, ...rest);
      },
    },
  });
  // Learned for the client itself, so the racing one learns it anew.
  expect(await removeFileObject({ ...bucket, client: racing }, object)).toBe('not_ours');
  expect(await read(bucket, 'raced')).toBe('theirs');
});

it('learns how the store deletes from the first object that is to go, with one request more', async () => {
  const bucket = await store.open([]);
  const deletes = () =>
    store.server.requests.list.filter((one) => one.bucket === bucket.name && one.operation === 'DeleteObject')
      .length;
  const before = deletes();
  await removeFileObject(bucket, await write(bucket, 'a'));
  expect(deletes() - before).toBe(2);
  await removeFileObject(bucket, await write(bucket, 'b'));
  expect(deletes() - before).toBe(3);
});

it('an object that is not there is no error for credentials that may list only their prefix', async () => {
  const bucket = await store.open([]);
  const object = { key: 'p/nothing', teamId: 'T1', fileId: 'F1', etag: null, versionId: null };
  store.server.faults.add({
    operation: 'HeadObject',
    key: /nothing/,
    do: { status: 403, code: 'AccessDenied' },
  });
  expect(await removeFileObject(bucket, object)).toBe('removed');
  const there = await write(bucket, 'p/nothing at all');
  await expect(removeFileObject(bucket, there)).rejects.toMatchObject({ code: 'bucket_forbidden' });
  store.server.faults.clear();
});

describe('a bucket that keeps versions', () => {
  let versioned: Speaking;
  let bucket: Bucket;
  beforeAll(async () => {
    versioned = await openDialects({ versioning: true });
    bucket = await versioned.open([]);
  });
  afterAll(() => versioned.close());

  const versions = async (key: string) => {
    const { client, name: Bucket } = bucket;
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: key }));
    return [page.Versions?.length ?? 0, page.DeleteMarkers?.length ?? 0];
  };

  it('loses every version and marker of the file', async () => {
    await write(bucket, 'all', { body: 'from an attempt that died' });
    const object = await write(bucket, 'all');
    await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: 'all' }));
    await write(bucket, 'all', { body: 'copied' });
    expect(await removeFileObject(bucket, object)).toBe('removed');
    expect(await versions('all')).toEqual([0, 0]);
  });

  it('keeps the versions of others, seen or covered as they were', async () => {
    await write(bucket, 'shared', { body: 'theirs', as: THEIRS });
    const object = await write(bucket, 'shared');
    await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: 'shared' }));
    expect(await removeFileObject(bucket, object)).toBe('not_ours');
    expect(await versions('shared')).toEqual([1, 1]);
  });
});

describe('a bucket that retains', () => {
  let locked: Speaking;
  let bucket: Bucket;
  beforeAll(async () => {
    locked = await openDialects({ objectLock: true });
    bucket = await locked.open([]);
  });
  afterAll(() => locked.close());

  it('says until when, and how long that is', async () => {
    const until = new Date(Date.now() + 30 * DAY);
    const object = await write(bucket, 'kept', {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
    });
    const error = await removeFileObject(bucket, object).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'object_retained',
      message: expect.stringContaining(`retained until ${until.toISOString().slice(0, 10)}`),
    });
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs / DAY).toBeGreaterThan(29.9);
    expect(retryAfterMs / DAY).toBeLessThanOrEqual(30);
  });

  // MinIO's cmd/api-errors.go, ErrObjectLocked.
  it('says it also where the store refuses as MinIO does', async () => {
    const until = new Date(Date.now() + 30 * DAY);
    const lock = { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until } as const;
    const object = await write(bucket, 'as-minio', lock);
    const refusal = { status: 400, code: 'InvalidRequest' };
    const { remove } = locked.server.faults.add({ operation: 'DeleteObject', do: refusal });
    await expect(removeFileObject(bucket, object)).rejects.toMatchObject({ code: 'object_retained' });
    remove();
  });

  it('says that a legal hold keeps it', async () => {
    const object = await write(bucket, 'held', { ObjectLockLegalHoldStatus: 'ON' });
    await expect(removeFileObject(bucket, object)).rejects.toMatchObject({
      code: 'object_retained',
      message: expect.stringContaining('legal hold'),
    });
  });
});
