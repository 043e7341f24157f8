import { GetObjectLockConfigurationCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { hasObjectLock, legalHoldOf } from '../storage/legal-hold.ts';
import { check } from './check.ts';
import { bucketOf, trialKey, tryRequest } from './trial-object.ts';

/** Object Lock, legal holds and retention, where the bucket has them. Only read: a hold that is set could be one that stays. */
export const bucketLock = check('bucket.lock', { needs: ['bucket.put'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const has = await tryRequest(bucket, () => hasObjectLock(bucket));
  if (has.error !== null) return say.warn('failed', has.error.message);
  if (has.answer === 'unknown')
    return say.skip(
      'This key may not ask whether the bucket has Object Lock (s3:GetBucketObjectLockConfiguration). If it has, held files are held only in the catalog.',
    );
  if (!has.answer) return say.ok('The bucket has no Object Lock; holds are kept in the catalog.');
  const Key = trialKey(bucket);
  const hold = await tryRequest(bucket, () => legalHoldOf(bucket, { key: Key, versionId: null }));
  if (hold.error !== null) return say.warn('hold', hold.error.message);
  const lock = await tryRequest(bucket, () =>
    bucket.client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket.name })),
  );
  const rule = lock.answer?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  const head = await tryRequest(bucket, () =>
    bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key })),
  );
  situation.found.isRetained = rule !== undefined;
  if (rule !== undefined && head.answer?.ObjectLockRetainUntilDate === undefined)
    return say.warn('retention', 'The bucket retains new objects, and does not say until when.');
  return say.ok(
    `The bucket has Object Lock${rule === undefined ? '' : ', and retains new objects'}; legal holds can be read. Whether they may be set (s3:PutObjectLegalHold) was not tried: one that stays would be in the way.`,
  );
});
