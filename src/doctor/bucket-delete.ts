import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { errorCode } from '../errors.ts';
import { check } from './check.ts';
import { bucketOf, trialKey, tryRequest } from './trial-object.ts';

/** Removes the trial object, with all its versions. The last check of the bucket: it cleans up. */
export const bucketDelete = check(
  'bucket.delete',
  {
    needs: ['bucket.put'],
    after: [
      ...([
        'bucket.head',
        'bucket.get',
        'bucket.conditional',
        'bucket.link',
        'bucket.parts',
        'bucket.abort',
      ] as const),
      ...(['bucket.versions', 'bucket.version', 'bucket.lock'] as const),
    ],
  },
  async (situation, say) => {
    const bucket = bucketOf(situation);
    const { found } = situation;
    const about = { Bucket: bucket.name, Key: trialKey(bucket) };
    const remove = (VersionId?: string) =>
      bucket.client.send(new DeleteObjectCommand({ ...about, VersionId }));
    const tried = await tryRequest(bucket, async () => {
      if (found.hasVersions !== true) return remove();
      const list = await bucket.client
        .send(new ListObjectVersionsCommand({ Bucket: bucket.name, Prefix: about.Key }))
        .catch(() => ({ Versions: [{ Key: about.Key, VersionId: found.versionId }], DeleteMarkers: [] }));
      const versions = [...(list.Versions ?? []), ...(list.DeleteMarkers ?? [])].filter(
        ({ Key }) => Key === about.Key,
      );
      for (const { VersionId } of versions) await remove(VersionId);
      return undefined;
    });
    if (tried.error === null)
      return say.ok('Objects can be removed for good (s3:DeleteObject), and the trial object is.');
    if (errorCode(tried.error) === 'object_retained' && found.isRetained === true)
      return say.ok(
        'The bucket retains new objects, so the trial object (a few bytes) stays until its time there ends.',
      );
    return say.warn(
      tried.isRefused ? 'refused' : 'failed',
      `${tried.error.message} The trial object ${about.Key} stays.`,
    );
  },
);
