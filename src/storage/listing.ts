import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { StorageError } from './errors.ts';
import { unquote } from './probe.ts';

/** An object as a listing shows it. */
export interface ListedObject {
  key: string;
  bytes: number;
  /** Without quotes. */
  etag: string | null;
}

export interface ListedPage {
  /** In byte order of their keys. */
  objects: ListedObject[];
  isLast: boolean;
}

/** Where the last page of a client ended, and how to go on there. */
const ends = new WeakMap<S3Client, { after: string; token: string | undefined }>();

/**
 * One page (1,000 keys) of the objects under a prefix, in byte order of their keys, after the key `after`. One request,
 * also where a store ignores `start-after`, unless the listing begins in the middle: then it is read up to there.
 * Throws what the SDK throws, and `StorageError` `bucket_unordered` for a store with another order.
 */
export async function pageAfter(
  { client, name }: Bucket,
  prefix: string,
  after: string,
  signal?: AbortSignal,
): Promise<ListedPage> {
  const end = ends.get(client);
  let token = end?.after === after ? end.token : undefined;
  for (;;) {
    const command = new ListObjectsV2Command({
      Bucket: name,
      Prefix: prefix,
      ...(token === undefined ? after !== '' && { StartAfter: after } : { ContinuationToken: token }),
      // A key may hold characters that XML cannot.
      EncodingType: 'url',
    });
    const page = await client.send(command, { abortSignal: signal });
    const listed = keysOf(page).map((key, index) => {
      const { Size = 0, ETag } = page.Contents?.[index] ?? {};
      return { key, bytes: Size, etag: unquote(ETag) };
    });
    checkOrder(listed);
    const objects = listed.filter(
      ({ key }) => after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0,
    );
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
    const last = objects.at(-1)?.key;
    // A store that ignores `start-after` begins from the first key again. Its own tokens lead on.
    if (last === undefined && token !== undefined) continue;
    if (last !== undefined && objects.length < listed.length) ends.set(client, { after: last, token });
    else ends.delete(client);
    return { objects, isLast: page.IsTruncated !== true || last === undefined };
  }
}

/**
 * The keys of a page as they are. Some stores say that they encoded them and did not: then a key holds what no encoding
 * leaves as it is, or does not decode.
 */
function keysOf(page: Pick<ListObjectsV2CommandOutput, 'Contents' | 'EncodingType'>): string[] {
  const raw = (page.Contents ?? []).map(({ Key = '' }) => Key);
  if (page.EncodingType !== 'url' || raw.some((key) => UNENCODED.test(key))) return raw;
  return raw.map((key) => decodeURIComponent(key.replaceAll('+', ' ')));
}

/** A space, a character outside of ASCII, one of those that XML escapes, or a percent sign that begins no byte. */
const UNENCODED = /[^!-~]|["<>&]|%(?![0-9a-f]{2})/i;

function checkOrder(listed: readonly ListedObject[]): void {
  let before = Buffer.alloc(0);
  for (const { key } of listed) {
    const next = Buffer.from(key);
    if (Buffer.compare(before, next) > 0)
      throw new StorageError(
        'bucket_unordered',
        'The bucket does not list its objects in the order of their keys, so it cannot be compared with the catalog.',
      );
    before = next;
  }
}
