import { HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { StorageError, statusOf, storageError } from '../storage/errors.ts';
import { keyPrefix } from '../storage/inventory.ts';
import { openLooking } from '../storage/open-looking.ts';
import { check } from './check.ts';
import { noteClock } from './clock.ts';

/** Is the bucket there, in this region, and does the store know the credentials? */
export const bucketReach = check('bucket.reach', { needs: ['proxy'] }, async (situation, say) => {
  const { bucket: settings, found } = situation;
  if (settings === undefined)
    return say.skip('VAULT_BUCKET or another setting of the bucket is not set right.');
  try {
    const bucket = await openLooking(settings, (date, sentAt) =>
      noteClock(situation, 'bucket', date, sentAt),
    );
    found.bucket = bucket;
    found.closers.push(bucket.close);
    try {
      await bucket.client.send(new HeadBucketCommand({ Bucket: bucket.name })).catch((error) => {
        // HEAD has no body that says why; a listing has. And a key may be allowed the prefix alone.
        if (![400, 403, 404].includes(statusOf(error) ?? 0)) throw error;
        const under = { Bucket: bucket.name, Prefix: keyPrefix(bucket), MaxKeys: 1 };
        return bucket.client.send(new ListObjectsV2Command(under));
      });
    } catch (error) {
      const problem = storageError(error, bucket.place);
      // The bucket is there and knows who asks; what is allowed, the checks of the rights say one by one.
      if (problem.code !== 'bucket_forbidden') throw problem;
    }
    const where = bucket.place.endpointHost ?? `S3 in ${await bucket.client.config.region()}`;
    return say.ok(
      `The bucket “${bucket.name}” answers at ${where}${bucket.prefix === '' ? '' : `, prefix ${bucket.prefix}`}.`,
    );
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return say.fail('wrong', error.message);
  }
});
