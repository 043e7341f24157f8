import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { startS3 } from '../../../sandbox/s3/server.ts';
import { Bucket, credentials, failure, sandbox } from './helpers.ts';

async function put(s3: S3Client, Body: string, Key = 'k'): Promise<string | undefined> {
  return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
}

async function get(s3: S3Client, VersionId?: string): Promise<string | undefined> {
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId }));
  return got.Body?.transformToString();
}

describe('versions', () => {
  test('every put and delete is kept until its version is removed', async () => {
    const { s3, server, dir } = await sandbox({ versioning: true });
    const one = await put(s3, 'one');
    const two = await put(s3, 'two');
    expect(await get(s3)).toBe('two');
    expect(await get(s3, one)).toBe('one');
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(gone.DeleteMarker).toBe(true);
    expect(await failure(get(s3))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await failure(get(s3, gone.VersionId))).toEqual({ code: 'MethodNotAllowed', status: 405 });
    expect((await failure(get(s3, 'none'))).status).toBe(404);
    expect(await server.list(Bucket)).toEqual([]);
    await server.close();

    const again = await startS3({ dir, credentials, buckets: [Bucket], port: server.port });
    try {
      expect(await get(s3, two)).toBe('two');
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: gone.VersionId }));
      expect(await get(s3)).toBe('two');
      const Objects = [one, two].map((VersionId) => ({ Key: 'k', VersionId }));
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      const left = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      expect(left.Versions ?? []).toEqual([]);
    } finally {
      await again.close();
    }
  });

  test('are listed newest first, in pages of any size', async () => {
    const { s3 } = await sandbox({ versioning: true });
    const made: string[] = [];
    for (const [key, body] of [
      ['a', '1'],
      ['a', '2'],
      ['b/x', '3'],
      ['c', '4'],
      ['a', '5'],
    ] as const) {
      made.push(`${key}:${await put(s3, body, key)}`);
    }
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'c' }));
    const expected = [made[4], made[1], made[0], made[2], 'c:marker', made[3]];
    for (const MaxKeys of [1, 2, 3, 100]) {
      const seen: string[] = [];
      let KeyMarker: string | undefined;
      let VersionIdMarker: string | undefined;
      for (let more = true; more; ) {
        const page = await s3.send(
          new ListObjectVersionsCommand({ Bucket, MaxKeys, KeyMarker, VersionIdMarker }),
        );
        const versions = (page.Versions ?? []).map(
          (each) => [`${each.Key}:${each.VersionId}`, each.Key ?? ''] as const,
        );
        const markers = (page.DeleteMarkers ?? []).map(
          (each) => [`${each.Key}:marker`, each.Key ?? ''] as const,
        );
        expect(versions.length + markers.length).toBeLessThanOrEqual(MaxKeys);
        // A page keeps versions and markers apart; a marker was made after all versions of its key here.
        seen.push(
          ...[...markers, ...versions]
            .sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
            .map(([id]) => id),
        );
        more = page.IsTruncated ?? false;
        KeyMarker = page.NextKeyMarker;
        VersionIdMarker = page.NextVersionIdMarker;
      }
      expect(seen).toEqual(expected);
    }
    const grouped = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/' }));
    expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map((each) => each.Key)).toEqual([
      'a',
      'b/x',
    ]);
  });
});

describe('buckets', () => {
  test('are made, described and removed', async () => {
    const { s3 } = await sandbox({ region: 'eu-central-1' }, { region: 'eu-central-1' });
    await s3.send(new CreateBucketCommand({ Bucket: 'second.one' }));
    expect((await failure(s3.send(new CreateBucketCommand({ Bucket: 'second.one' })))).status).toBe(409);
    const listed = await s3.send(new ListBucketsCommand({}));
    expect(listed.Buckets?.map((each) => each.Name)).toEqual(['second.one', Bucket]);
    const location = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('eu-central-1');
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-central-1');
    expect((await failure(s3.send(new HeadBucketCommand({ Bucket: 'none' })))).status).toBe(404);
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    await put(s3, 'x');
    expect((await failure(s3.send(new DeleteBucketCommand({ Bucket })))).code).toBe('BucketNotEmpty');
    await s3.send(new DeleteBucketCommand({ Bucket: 'second.one' }));
    expect((await failure(s3.send(new ListObjectsV2Command({ Bucket: 'second.one' })))).code).toBe(
      'NoSuchBucket',
    );
    const bad = s3.send(new CreateBucketCommand({ Bucket: '..' }));
    expect(await failure(bad)).toBeTruthy();
  });
});
