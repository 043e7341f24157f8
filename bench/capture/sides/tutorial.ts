import { PutObjectCommand } from '@aws-sdk/client-s3';
import { oneByOne, type Place, type Side } from '../side.ts';
import { client } from './client.ts';

/** As tutorials have it: `fetch`, the whole file in memory, `PutObject`. */
export async function open(place: Place): Promise<Side> {
  const s3 = client(place);
  return oneByOne(async ({ url, key }) => {
    const response = await fetch(url);
    const Body = Buffer.from(await response.arrayBuffer());
    await s3.send(new PutObjectCommand({ Bucket: place.bucket, Key: key, Body }));
  });
}
