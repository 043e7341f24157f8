import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { Bucket, failure, sandbox } from './helpers.ts';

const put = (s3: S3Client, Body: string, IfMatch?: string) =>
  s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body, IfMatch }));
const remove = (s3: S3Client, IfMatch: string | undefined, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', IfMatch, VersionId }));
const failed = { code: 'PreconditionFailed', status: 412 };
const none = { code: 'NoSuchKey', status: 404 };

describe('If-Match on a delete', () => {
  test('removes only the object that was meant', async () => {
    const { s3, server } = await sandbox();
    expect(await failure(remove(s3, '*'))).toEqual(none);
    expect(await failure(remove(s3, '"abc"'))).toEqual(none);
    const old = await put(s3, 'one');
    const { ETag } = await put(s3, 'two');
    expect(await failure(remove(s3, old.ETag))).toEqual(failed);
    expect(await server.list(Bucket)).toHaveLength(1);
    await remove(s3, ETag?.replaceAll('"', ''));
    expect(await server.list(Bucket)).toEqual([]);
    await put(s3, 'three');
    await remove(s3, '*');
    await remove(s3, undefined);
  });

  test('is about the newest version, whatever version is removed', async () => {
    const { s3 } = await sandbox({ versioning: true });
    const one = await put(s3, 'one');
    const two = await put(s3, 'two');
    expect(await failure(remove(s3, one.ETag, one.VersionId))).toEqual(failed);
    await remove(s3, two.ETag, one.VersionId);
    await remove(s3, two.ETag);
    expect(await failure(remove(s3, '*'))).toEqual(failed);
  });

  test('is said for each of many', async () => {
    const { s3, server } = await sandbox();
    const { ETag } = await put(s3, 'one');
    const many = (etag: string | undefined) =>
      s3.send(
        new DeleteObjectsCommand({
          Bucket,
          Delete: { Objects: [{ Key: 'k', ETag: etag }] },
        }),
      );
    expect((await many('"abc"')).Errors).toMatchObject([{ Key: 'k', Code: 'PreconditionFailed' }]);
    expect((await many(ETag)).Deleted).toMatchObject([{ Key: 'k' }]);
    expect(await server.list(Bucket)).toEqual([]);
  });
});

test('a condition about an object that is not there is answered with 404', async () => {
  const { s3 } = await sandbox();
  const about = { Bucket, Key: 'k' };
  expect(await failure(put(s3, 'x', '"abc"'))).toEqual(none);
  expect(await failure(put(s3, 'x', '*'))).toEqual(none);
  for (const condition of [{ IfMatch: '*' }, { IfNoneMatch: '*' }, { IfModifiedSince: new Date(0) }]) {
    expect(await failure(s3.send(new GetObjectCommand({ ...about, ...condition })))).toEqual(none);
    expect((await failure(s3.send(new HeadObjectCommand({ ...about, ...condition })))).status).toBe(404);
  }
});
