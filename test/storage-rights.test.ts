/** docs/storage.md lists the rights that the code's requests need: all of them, and no other. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(resolve(root, 'docs/storage.md'), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) =>
  readFileSync(resolve(root, path), 'utf8'),
);

/**
 * What each request needs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html, and for
 * keys https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html ("Permissions").
 */
const NEEDS: Record<string, string[]> = {
  HeadBucketCommand: ['s3:ListBucket'],
  ListObjectsV2Command: ['s3:ListBucket'],
  ListObjectVersionsCommand: ['s3:ListBucketVersions'],
  ListMultipartUploadsCommand: ['s3:ListBucketMultipartUploads'],
  GetBucketVersioningCommand: ['s3:GetBucketVersioning'],
  GetObjectCommand: ['s3:GetObject', 's3:GetObjectVersion', 'kms:Decrypt'],
  // The dates of Object Lock are among the headers only for those who may read them.
  HeadObjectCommand: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'],
  PutObjectCommand: ['s3:PutObject', 's3:PutObjectTagging', 'kms:GenerateDataKey'],
  CopyObjectCommand: [
    ...['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:GetObjectTagging', 's3:PutObjectTagging'],
    ...['kms:GenerateDataKey', 'kms:Decrypt'],
  ],
  CreateMultipartUploadCommand: [
    ...['s3:PutObject', 's3:PutObjectTagging'],
    ...['kms:GenerateDataKey', 'kms:Decrypt'],
  ],
  // S3 reads the parts again to make the object of them.
  UploadPartCommand: ['s3:PutObject', 'kms:GenerateDataKey', 'kms:Decrypt'],
  CompleteMultipartUploadCommand: ['s3:PutObject', 'kms:Decrypt'],
  AbortMultipartUploadCommand: ['s3:AbortMultipartUpload'],
  DeleteObjectCommand: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject'],
  GetObjectLockConfigurationCommand: ['s3:GetBucketObjectLockConfiguration'],
  GetObjectLegalHoldCommand: ['s3:GetObjectLegalHold'],
  PutObjectLegalHoldCommand: ['s3:PutObjectLegalHold'],
};
/** What other packages send by themselves. */
const BY_PACKAGE: Record<string, string[]> = {
  // It sends the commands of parts that the code sends itself, too.
  '@aws-sdk/lib-storage': [],
  '@aws-sdk/s3-request-presigner': [],
};

const commands = new Set(
  sources.flatMap((text) =>
    [...text.matchAll(/\bnew ([A-Z]\w+Command)\(/g)].map(([, name]) => name as string),
  ),
);
const packages = new Set(
  sources.flatMap((text) =>
    [...text.matchAll(/from '(@aws-sdk\/[\w-]+)'/g)].map(([, name]) => name as string),
  ),
);
packages.delete('@aws-sdk/client-s3');
const needed = new Set([
  ...[...commands].flatMap((name) => NEEDS[name] ?? []),
  ...[...packages].flatMap((name) => BY_PACKAGE[name] ?? []),
]);

const RIGHT = /\b(?:s3|kms):[A-Z]\w+\b/g;
const table = page.split('\n').filter((line) => /^\| `(s3|kms):/.test(line));
const listed = new Set(table.flatMap((line) => line.split('|')[1]?.match(RIGHT) ?? []));

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
}
const policies = [...page.matchAll(/```json\n(.*?)```/gs)].map(
  ([, text]) => JSON.parse(text as string) as { Version: string; Statement: Statement[] },
);
const statements = policies.flatMap(({ Statement }) => Statement);
const allowed = statements.filter(({ Effect }) => Effect === 'Allow');

/** Rights on the bucket itself; all others are on its objects, or on a key. */
const OF_BUCKETS = /^s3:(ListBucket|GetBucket)/;

describe('the rights in docs/storage.md', () => {
  it('are known for every request that the code makes', () => {
    expect(commands.size).toBeGreaterThan(10);
    expect([...commands].sort()).toEqual(Object.keys(NEEDS).sort());
    expect([...packages].sort()).toEqual(Object.keys(BY_PACKAGE).sort());
  });

  it('are all that is needed, and no more', () => {
    expect([...listed].sort()).toEqual([...needed].sort());
  });

  it('are granted by the policies to paste, and nothing else is', () => {
    const granted = new Set(allowed.flatMap(({ Action }) => Action));
    expect([...granted].sort()).toEqual([...needed].sort());
  });

  it('are granted on what they are about: the bucket, its objects or the key', () => {
    for (const { Action, Resource } of allowed)
      for (const action of [Action].flat())
        for (const resource of [Resource].flat()) {
          const about = action.startsWith('kms:')
            ? /:kms:/
            : OF_BUCKETS.test(action)
              ? /:::[\w-]+$/
              : /:::[\w-]+\/.*\*$/;
          expect(resource, action).toMatch(about);
        }
  });

  it('let nobody bypass a retention', () => {
    expect(JSON.stringify(policies)).not.toContain('Bypass');
    for (const { Version } of policies) expect(Version).toBe('2012-10-17');
  });
});
