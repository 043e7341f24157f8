import { GetBucketVersioningCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { check } from './check.ts';
import { bucketOf, trialKey, tryRequest } from './trial-object.ts';

/** Does the bucket keep versions? */
export const bucketVersioning = check(
  'bucket.versioning',
  { after: ['bucket.put'], needs: ['bucket.reach'] },
  async (situation, say) => {
    const bucket = bucketOf(situation);
    const { found } = situation;
    const tried = await tryRequest(bucket, () =>
      bucket.client.send(new GetBucketVersioningCommand({ Bucket: bucket.name })),
    );
    found.hasVersions = found.versionId !== undefined || tried.answer?.Status !== undefined;
    if (tried.error !== null) return say.warn(tried.isRefused ? 'refused' : 'failed', tried.error.message);
    return say.ok(found.hasVersions ? 'The bucket keeps versions.' : 'The bucket keeps no versions.');
  },
);

/** Where versions are kept, all of them have to be found when a file is purged. */
export const bucketVersions = check(
  'bucket.versions',
  { after: ['bucket.versioning'], needs: ['bucket.reach'] },
  async (situation, say) => {
    const bucket = bucketOf(situation);
    if (situation.found.hasVersions !== true) return say.skip('The bucket keeps no versions.');
    const under = { Bucket: bucket.name, Prefix: trialKey(bucket), MaxKeys: 1 };
    const tried = await tryRequest(bucket, () => bucket.client.send(new ListObjectVersionsCommand(under)));
    if (tried.error === null) return say.ok('Versions can be listed (s3:ListBucketVersions).');
    return say.warn('refused', tried.error.message);
  },
);

/** An older version of a canvas or a snippet is downloaded by its id. */
export const bucketVersion = check('bucket.version', { needs: ['bucket.put'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const { versionId: VersionId } = situation.found;
  if (VersionId === undefined) return say.skip('The bucket keeps no versions.');
  const about = { Bucket: bucket.name, Key: trialKey(bucket), VersionId };
  const tried = await tryRequest(bucket, async () => {
    const { Body } = await bucket.client.send(new GetObjectCommand(about));
    await Body?.transformToByteArray();
  });
  if (tried.error === null) return say.ok('A single version can be read (s3:GetObjectVersion).');
  return say.warn('refused', tried.error.message);
});
