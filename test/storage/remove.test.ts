import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abortLeftovers } from '../../src/storage/leftovers.ts';
import { removeObject } from '../../src/storage/remove.ts';
import { openTarget, type Target } from './target.ts';

describe.each([false, true])('with versions: %s', (versioning) => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget({ versioning });
  });
  afterAll(() => target?.close());

  const write = (Key: string) =>
    target.bucket.client.send(
      new PutObjectCommand({ Bucket: target.bucket.name, Key, Body: Buffer.from('x') }),
    );

  it('removes an object with everything that was ever under its key, and nothing else', async () => {
    if (target.sandbox) expect(target.bucket.capabilities.versioning).toBe(versioning);
    const key = `${target.bucket.prefix}/ä b.txt`;
    for (const each of [key, key, `${key}.more`]) await write(each);
    await target.bucket.client.send(new DeleteObjectCommand({ Bucket: target.bucket.name, Key: key }));
    await write(key);
    await removeObject(target.bucket, key);
    expect(await target.keys()).toEqual([`${key}.more`]);
  });

  it('is content when there is nothing to remove', async () => {
    await expect(removeObject(target.bucket, `${target.bucket.prefix}/nothing`)).resolves.toBeUndefined();
  });
});

describe('abortLeftovers', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target?.close());

  const begin = async (Key: string) => {
    const { client, name: Bucket } = target.bucket;
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: Buffer.from('part') }),
    );
  };

  it('aborts what a killed attempt left, only under this key', async () => {
    const key = `${target.bucket.prefix}/ü.bin`;
    for (const each of [key, key, `${key}.more`]) await begin(each);
    await abortLeftovers(target.bucket, key);
    expect(await target.uploads()).toEqual([`${key}.more`]);
    await abortLeftovers(target.bucket, `${key}.more`);
  });

  it('keeps at it when the store fails now and then', async ({ skip }) => {
    const { sandbox } = target;
    if (!sandbox) return skip('only the sandbox fails on demand');
    const key = `${target.bucket.prefix}/again.bin`;
    await begin(key);
    sandbox.faults.add({
      operation: 'AbortMultipartUpload',
      times: 4,
      do: { status: 500, code: 'InternalError' },
    });
    sandbox.faults.add({
      operation: 'ListMultipartUploads',
      times: 4,
      do: { status: 503, code: 'SlowDown' },
    });
    await abortLeftovers(target.bucket, key);
    expect(await target.uploads()).toEqual([]);
    sandbox.faults.clear();
  });
});
