import { createHash } from 'node:crypto';
import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand } from '@aws-sdk/client-s3';
import { DAY_MS } from '../time.ts';
import { AWS_CHUNKED } from './aws-chunked.ts';
import type { Clients } from './client.ts';
import { type BucketPlace, isNotFound } from './errors.ts';
import { unquote } from './etag.ts';
import { BYTES, md5Of } from './probe-bytes.ts';

/**
 * What was seen of a store. It is written into the metadata of the one object that a probe leaves. So a bot that may
 * not overwrite it, because a policy or several other bots are in the way, still knows what the first one saw.
 */
export interface Seen {
  /** What became of the frame around a stream with a trailer: taken off, or kept as if it were bytes of the file. */
  frame?: 'off' | 'kept';
  /** Whether bytes that do not fit their checksum are refused: behind the body, in a header, as `Content-MD5`. */
  trailer?: 'compared' | 'ignored';
  crc32?: 'compared' | 'ignored';
  md5?: 'compared' | 'ignored';
}

/** The object of an earlier try. */
export interface Found {
  seen: Seen;
  /** What was seen too long ago. It counts only where the store cannot be tried again. */
  old: Seen;
  etagIsMd5: boolean;
  versionId: string | undefined;
}

/** Stores are updated. */
const BELIEVED_MS = 30 * DAY_MS;

/** The key of the one object that a probe leaves. */
export function probeKey(prefix: string): string {
  return [prefix, '.vault-probe', 'object'].filter(Boolean).join('/');
}

/** Headers with what was seen so far. A bucket may be copied to another store, so its address is part of it. */
export function encodeSeen(seen: Seen, shape: string, place: BucketPlace): Record<string, string> {
  return {
    'x-amz-meta-seen': [...Object.entries(seen), ['shape', shape]].map(([k, v]) => `${k}=${v}`).join(','),
    'x-amz-meta-place': hashOf(place),
  };
}

function hashOf({ endpointHost, name }: BucketPlace): string {
  return createHash('sha256').update(`${endpointHost} ${name}`).digest('hex').slice(0, 16);
}

/** Reads the object that is there. Null when there is none, or when it cannot be read. */
export async function lookAt({ client, place }: Clients, Key: string): Promise<Found | null> {
  const about = { Bucket: place.name, Key };
  try {
    const got = await client.send(new GetObjectCommand(about));
    const bytes = (await got.Body?.transformToByteArray()) ?? new Uint8Array();
    const isClean = BYTES.equals(bytes) && !got.ContentEncoding?.includes(AWS_CHUNKED);
    return { ...told(got, place, isClean), etagIsMd5: unquote(got.ETag) === md5Of(bytes) };
  } catch (error) {
    if (isNotFound(error)) return null;
  }
  // A rule may have moved it to an archive, from where only its headers can be had.
  try {
    const head = await client.send(new HeadObjectCommand(about));
    const isClean = head.ContentLength === BYTES.length && !head.ContentEncoding?.includes(AWS_CHUNKED);
    return { ...told(head, place, isClean), etagIsMd5: unquote(head.ETag) === md5Of(BYTES) };
  } catch {
    // Whether objects can be read at all is asked at the end.
    return null;
  }
}

type Headers = Pick<GetObjectCommandOutput, 'Metadata' | 'LastModified' | 'VersionId'>;

function told(
  { Metadata = {}, LastModified, VersionId }: Headers,
  place: BucketPlace,
  isClean: boolean,
): Omit<Found, 'etagIsMd5'> {
  const { shape, ...words } = decode(Metadata.seen);
  const seen: Seen = { ...words, ...(shape === 'trailer' && { frame: isClean ? 'off' : 'kept' }) };
  const isHere = Metadata.place === hashOf(place);
  const isFresh = isHere && Date.now() - (LastModified?.getTime() ?? 0) < BELIEVED_MS;
  return { seen: isFresh ? seen : {}, old: isHere ? seen : {}, versionId: VersionId };
}

function decode(text = ''): Seen & { shape?: string } {
  return Object.fromEntries(text.split(',').map((pair) => pair.split('=')));
}
