import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from '../storage/bucket.ts';
import { keyPrefix } from '../storage/inventory.ts';
import { type Check, type CheckId, check } from './check.ts';
import { bucketOf, TRIAL, TRIAL_MD5, type Tried, trialKey, tryRequest } from './trial-object.ts';

const about = (bucket: Bucket) => ({ Bucket: bucket.name, Key: trialKey(bucket) });

function put(bucket: Bucket, isConditional: boolean) {
  const body = { Body: TRIAL, ContentLength: TRIAL.length, ContentMD5: TRIAL_MD5, ContentType: 'text/plain' };
  return bucket.client.send(
    new PutObjectCommand({ ...about(bucket), ...body, ...(isConditional && { IfNoneMatch: '*' }) }),
  );
}

/** Writes the trial object, as files are written: only if the key is free. */
export const bucketPut = check('bucket.put', { needs: ['bucket.reach'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  // One that an earlier run could not remove.
  await tryRequest(bucket, () => bucket.client.send(new DeleteObjectCommand(about(bucket))));
  let tried = await tryRequest(bucket, () => put(bucket, true));
  // Stores that know no such condition, and an object that may not be removed.
  if (tried.error !== null && [400, 412, 501].includes(tried.status ?? 0))
    tried = await tryRequest(bucket, () => put(bucket, false));
  if (tried.error !== null) return say.fail(tried.isRefused ? 'refused' : 'failed', tried.error.message);
  situation.found.versionId = tried.answer.VersionId;
  return say.ok('Objects can be written (s3:PutObject).');
});

export const bucketHead = simple(
  'bucket.head',
  ['bucket.put'],
  'Objects can be looked at (s3:GetObject).',
  (bucket) => bucket.client.send(new HeadObjectCommand(about(bucket))),
);

export const bucketGet = check('bucket.get', { needs: ['bucket.head'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const tried = await tryRequest(bucket, async () => {
    const { Body } = await bucket.client.send(new GetObjectCommand(about(bucket)));
    return Body?.transformToByteArray();
  });
  if (tried.error !== null) return say.fail(tried.isRefused ? 'refused' : 'failed', tried.error.message);
  return TRIAL.equals(tried.answer ?? Buffer.alloc(0))
    ? say.ok('Objects can be read (s3:GetObject).')
    : say.fail('damaged', 'The object that was read is not the one that was written.');
});

export const bucketList = simple(
  'bucket.list',
  ['bucket.reach'],
  'The prefix can be listed (s3:ListBucket).',
  (bucket) =>
    bucket.client.send(
      new ListObjectsV2Command({ Bucket: bucket.name, Prefix: keyPrefix(bucket), MaxKeys: 1 }),
    ),
);

/** Does `If-None-Match: *` protect what is there? */
export const bucketConditional = check(
  'bucket.conditional',
  { needs: ['bucket.put'] },
  async (situation, say) => {
    const bucket = bucketOf(situation);
    const tried = await tryRequest(bucket, () => put(bucket, true));
    if (tried.error === null)
      return say.warn(
        'ignored',
        'The store writes over an object although it was asked not to (If-None-Match).',
      );
    if (tried.status === 412)
      return say.ok('The store protects what is there from being written over (If-None-Match).');
    return say.warn(tried.status === 501 || tried.status === 400 ? 'ignored' : 'failed', tried.error.message);
  },
);

/** One request, which must be allowed. */
function simple(
  id: 'bucket.head' | 'bucket.list',
  needs: readonly CheckId[],
  well: string,
  send: (bucket: Bucket) => Promise<unknown>,
): Check {
  return check(id, { needs }, async (situation, say) => {
    const bucket = bucketOf(situation);
    const tried: Tried<unknown> = await tryRequest(bucket, () => send(bucket));
    if (tried.error === null) return say.ok(well);
    return say.fail(tried.isRefused ? 'refused' : 'failed', tried.error.message);
  });
}
