import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { effectOf, type Need, type Policy } from '../../../sandbox/s3/rights/policy.ts';
import { Bucket, failure, sandbox } from './helpers.ts';

/** Rights for one prefix, as in AWS's own examples. */
const ONE_PREFIX: Policy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      Resource: `arn:aws:s3:::${Bucket}/team/*`,
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${Bucket}`,
      Condition: { StringLike: { 's3:prefix': ['team/*'] } },
    },
  ],
};

const denied = { code: 'AccessDenied', status: 403 };

describe('rights for one prefix', () => {
  test('cover the objects and listings there, and nothing else', async () => {
    const { s3 } = await sandbox({ rights: ONE_PREFIX });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'team/k', Body: 'x' }));
    const listed = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'team/' }));
    expect(listed.KeyCount).toBe(1);
    const other = s3.send(new PutObjectCommand({ Bucket, Key: 'other/k', Body: 'x' }));
    await expect(other).rejects.toThrow(
      `User: arn:aws:iam::111122223333:user/vault is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${Bucket}/other/k" because no identity-based policy allows the s3:PutObject action`,
    );
    expect(await failure(s3.send(new ListObjectsV2Command({ Bucket })))).toEqual(denied);
    expect((await failure(s3.send(new HeadBucketCommand({ Bucket })))).status).toBe(403);
    // Not 404: who may not list must not learn which keys there are.
    expect((await failure(s3.send(new HeadObjectCommand({ Bucket, Key: 'team/none' })))).status).toBe(403);
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: 'team/none' })))).toEqual(denied);
  });

  test('are asked for each key of a longer request, and for the source of a copy', async () => {
    const { s3, server } = await sandbox({ rights: ONE_PREFIX });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'team/k', Body: 'x' }));
    const Objects = [{ Key: 'team/k' }, { Key: 'other/k' }];
    const many = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect([many.Deleted?.[0]?.Key, many.Errors?.[0]]).toMatchObject([
      'team/k',
      { Key: 'other/k', Code: 'AccessDenied' },
    ]);
    expect(await server.list(Bucket)).toEqual([]);
    const copy = s3.send(new CopyObjectCommand({ Bucket, Key: 'team/c', CopySource: `${Bucket}/other/k` }));
    expect(await failure(copy)).toEqual(denied);
  });

  test('a tag or a hold needs a right of its own', async () => {
    const { s3 } = await sandbox({ rights: ONE_PREFIX, objectLock: true });
    for (const more of [{ Tagging: 'a=b' }, { ObjectLockLegalHoldStatus: 'ON' as const }])
      expect(
        await failure(s3.send(new PutObjectCommand({ Bucket, Key: 'team/k', Body: 'x', ...more }))),
      ).toEqual(denied);
  });
});

describe('policies of a bucket', () => {
  test('a part is encrypted as its upload is, though it cannot say so', async () => {
    const { s3, server } = await sandbox();
    await server.speak(Bucket, ['wants-kms']);
    const about = { Bucket, Key: 'k' };
    expect(await failure(s3.send(new CreateMultipartUploadCommand(about)))).toEqual(denied);
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...about, ServerSideEncryption: 'aws:kms' }),
    );
    await s3.send(new UploadPartCommand({ ...about, UploadId, PartNumber: 1, Body: 'x' }));
    await s3.send(new AbortMultipartUploadCommand({ ...about, UploadId }));
  });

  test('say that it was they', async () => {
    const { s3, server } = await sandbox();
    await server.speak(Bucket, ['wants-if-none-match']);
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }))).rejects.toThrow(
      'with an explicit deny in a resource-based policy',
    );
  });
});

describe('conditions', () => {
  const need = (keys: Record<string, string>): Need => ({
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::b/k',
    keys: new Map(Object.entries(keys)),
  });
  const when = (operator: string, keys: Record<string, string>, wanted: string | string[] = 'a*') =>
    effectOf(
      {
        Statement: {
          Effect: 'Deny',
          Action: 'S3:put*',
          Resource: '*',
          Condition: { [operator]: { 'S3:X': wanted } },
        },
      },
      need(keys),
    );

  test.each([
    ['StringEquals', 'a*', 'Deny'],
    ['StringEquals', 'abc', null],
    ['StringLike', 'abc', 'Deny'],
    ['StringLike', 'b', null],
    ['StringLike', undefined, null],
    ['StringNotLike', undefined, 'Deny'],
    ['StringNotEquals', 'a*', null],
    ['StringNotEqualsIfExists', undefined, 'Deny'],
    ['StringEqualsIfExists', undefined, 'Deny'],
  ] as const)('%s of %s: %s', (operator, value, expected) => {
    expect(when(operator, value === undefined ? {} : { 's3:x': value })).toBe(expected);
  });

  test('Null asks whether a key is there; an unknown operator is an error', () => {
    expect(when('Null', {}, 'true')).toBe('Deny');
    expect(when('Null', { 's3:x': '' }, 'true')).toBeNull();
    expect(() => when('DateLessThan', {})).toThrow('DateLessThan');
  });
});
