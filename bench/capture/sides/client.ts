import { S3Client } from '@aws-sdk/client-s3';
import type { Place } from '../side.ts';

/** The SDK's client as it is when nobody sets anything but where the bucket is. */
export function client({ endpoint }: Place): S3Client {
  return new S3Client({ endpoint, forcePathStyle: true, region: 'us-east-1' });
}
