import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { statusOf } from './errors.ts';

/**
 * Whether S3's "forbidden" to a HEAD or GET means that there is no such object. It says so to everybody who may not list
 * the whole bucket, also to those who may list the prefix (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html,
 * "Permissions"). So the listing is asked. False for any other failure, and where that may not be listed either.
 */
export async function isHiddenAbsence(
  { client, name }: Bucket,
  key: string,
  error: unknown,
  abortSignal?: AbortSignal,
): Promise<boolean> {
  if (statusOf(error) !== 403) return false;
  const command = new ListObjectsV2Command({ Bucket: name, Prefix: key, MaxKeys: 1 });
  // The key itself sorts before every longer one, so it would be the first.
  const page = await client.send(command, { abortSignal }).catch(() => null);
  return page !== null && page.Contents?.[0]?.Key !== key;
}
