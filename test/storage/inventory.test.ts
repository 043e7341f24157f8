import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPrefix, listPage, setAside, unfinishedUploads } from '../../src/storage/inventory.ts';
import { abortUpload } from '../../src/storage/leftovers.ts';
import { openBucketToRead } from '../../src/storage/open-to-read.ts';
import { openTarget, type Target } from './target.ts';

describe('what the bucket holds', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  const put = (name: string, Body = name) =>
    target.bucket.client.send(
      new PutObjectCommand({ Bucket: target.bucket.name, Key: keyPrefix(target.bucket) + name, Body }),
    );

  it('is listed in the order of the keys’ bytes, whatever the names, from any key on', async () => {
    // In UTF-16 order, the emoji would come before the full-width sign.
    const names = ['a', 'a b+c%20', 'a/b', 'ä', '￥', '😀'];
    for (const name of names) await put(name);
    const sorted = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const prefix = keyPrefix(target.bucket);
    const page = await listPage(target.bucket, prefix);
    expect(page.until).toBeNull();
    expect(page.objects.map(({ key }) => key)).toEqual(sorted.map((name) => prefix + name));
    expect(page.objects[0]?.bytes).toBe(1);
    const rest = await listPage(target.bucket, prefix + sorted[2]);
    expect(rest.objects.map(({ key }) => key)).toEqual(sorted.slice(3).map((name) => prefix + name));
  });

  it('leaves out the vault’s own', async () => {
    await put('.ria-vault/journal/1');
    await put('.vault-probe/x/stream');
    const keys = (await listPage(target.bucket, keyPrefix(target.bucket))).objects.map(({ key }) => key);
    expect(keys.filter((key) => key.includes('/.'))).toEqual([]);
  });

  it('can be looked at without writing a thing', async () => {
    const before = await target.keys();
    const reader = await openBucketToRead(target.config);
    expect((await listPage(reader, '')).objects.length).toBeGreaterThan(0);
    reader.close();
    expect(await target.keys()).toEqual(before);
  });

  it('includes abandoned uploads, which can be aborted', async () => {
    const Key = `${keyPrefix(target.bucket)}left.mov`;
    await target.bucket.client.send(new CreateMultipartUploadCommand({ Bucket: target.bucket.name, Key }));
    const [upload, ...others] = await unfinishedUploads(target.bucket);
    expect(others).toEqual([]);
    expect(upload).toMatchObject({ key: Key });
    expect(Math.abs(Date.now() - (upload?.startedAt ?? 0))).toBeLessThan(15 * 60_000);
    await abortUpload(target.bucket, Key, upload?.uploadId as string);
    expect(await unfinishedUploads(target.bucket)).toEqual([]);
    await abortUpload(target.bucket, Key, upload?.uploadId as string);
  });

  it('can be set aside: the key is free, the bytes are kept', async () => {
    const name = 'böse +%😀.txt';
    await put(name, 'damaged');
    const key = keyPrefix(target.bucket) + name;
    const aside = await setAside(target.bucket, key, 'F1-1');
    const keys = (await listPage(target.bucket, keyPrefix(target.bucket))).objects.map((one) => one.key);
    expect(keys).not.toContain(key);
    expect(await target.keys()).toContain(aside);
  });
});

describe('a store that lists in another order', () => {
  it('is refused rather than misread', async () => {
    const target = await openTarget({ sandboxOnly: true });
    const { client } = target.bucket;
    const send = async () => ({ Contents: [{ Key: 'b' }, { Key: 'a' }] });
    const odd = { ...target.bucket, client: Object.create(client, { send: { value: send } }) };
    await expect(listPage(odd, '')).rejects.toMatchObject({ code: 'bucket_unordered' });
    await target.close();
  });
});
