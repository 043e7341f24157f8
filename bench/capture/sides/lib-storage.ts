import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Upload } from '@aws-sdk/lib-storage';
import { oneByOne, type Place, type Side } from '../side.ts';
import { client } from './client.ts';

/** `fetch` into `lib-storage` with its defaults: what is recommended for streams. */
export async function open(place: Place): Promise<Side> {
  const s3 = client(place);
  return oneByOne(async ({ url, key }) => {
    const response = await fetch(url);
    const Body = Readable.fromWeb(response.body as ReadableStream);
    await new Upload({ client: s3, params: { Bucket: place.bucket, Key: key, Body } }).done();
  });
}
