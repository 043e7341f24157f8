import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from '../storage/bucket.ts';
import { isNoUpload } from '../storage/errors.ts';
import { check } from './check.ts';
import { bucketOf, TRIAL, TRIAL_MD5, trialKey, tryRequest } from './trial-object.ts';

const about = (bucket: Bucket) => ({ Bucket: bucket.name, Key: trialKey(bucket) });

async function begin(bucket: Bucket): Promise<string | undefined> {
  return (await bucket.client.send(new CreateMultipartUploadCommand(about(bucket)))).UploadId;
}

const sendPart = (bucket: Bucket, UploadId: string | undefined) =>
  bucket.client.send(
    new UploadPartCommand({
      ...{ ...about(bucket), UploadId, PartNumber: 1 },
      ...{ Body: TRIAL, ContentLength: TRIAL.length, ContentMD5: TRIAL_MD5 },
    }),
  );

const complete = (bucket: Bucket, UploadId: string | undefined, ETag: string | undefined) =>
  bucket.client.send(
    new CompleteMultipartUploadCommand({
      ...{ ...about(bucket), UploadId },
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }),
  );

/** A whole upload in parts: begun, one part, ended. It leaves the trial object as it was: the same bytes. */
export const bucketParts = check(
  'bucket.parts',
  { needs: ['bucket.put'], after: ['bucket.conditional'] },
  async (situation, say) => {
    const bucket = bucketOf(situation);
    const begun = await tryRequest(bucket, () => begin(bucket));
    if (begun.error !== null)
      return say.fail('create', `An upload in parts cannot be begun. ${begun.error.message}`);
    const UploadId = begun.answer;
    const abort = () =>
      tryRequest(bucket, () =>
        bucket.client.send(new AbortMultipartUploadCommand({ ...about(bucket), UploadId })),
      );
    const part = await tryRequest(bucket, () => sendPart(bucket, UploadId));
    if (part.error !== null) {
      await abort();
      return say.fail('part', `A part cannot be sent. ${part.error.message}`);
    }
    const ended = await tryRequest(bucket, () => complete(bucket, UploadId, part.answer.ETag));
    if (ended.error !== null) {
      await abort();
      return say.fail('complete', `The parts cannot be made one object. ${ended.error.message}`);
    }
    return say.ok('Long files can be stored in parts (begun, sent, ended).');
  },
);

/** Broken uploads have to be found. */
export const bucketUploads = check('bucket.uploads', { needs: ['bucket.reach'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const tried = await tryRequest(bucket, async () => {
    const list = new ListMultipartUploadsCommand({ Bucket: bucket.name, Prefix: trialKey(bucket) });
    // Some stores have no other answer for "none".
    return bucket.client.send(list).catch((error) => (isNoUpload(error) ? undefined : Promise.reject(error)));
  });
  if (tried.error === null)
    return say.ok('Unfinished uploads can be listed (s3:ListBucketMultipartUploads).');
  return say.warn(tried.isRefused ? 'refused' : 'failed', tried.error.message);
});

/** … and ended. */
export const bucketAbort = check('bucket.abort', { needs: ['bucket.parts'] }, async (situation, say) => {
  const bucket = bucketOf(situation);
  const UploadId = await begin(bucket);
  const tried = await tryRequest(bucket, () =>
    bucket.client.send(new AbortMultipartUploadCommand({ ...about(bucket), UploadId })),
  );
  if (tried.error === null) return say.ok('Unfinished uploads can be ended (s3:AbortMultipartUpload).');
  // Made the trial object, so that nothing is left of it.
  await tryRequest(bucket, async () => complete(bucket, UploadId, (await sendPart(bucket, UploadId)).ETag));
  return say.warn(tried.isRefused ? 'refused' : 'failed', tried.error.message);
});
