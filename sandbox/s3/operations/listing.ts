import type { Version } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { S3Error } from '../errors.ts';
import { compareUtf16, type Entry, type SortedKeys, sortedKeys, type Walk, walkKeys } from '../keys.ts';
import { percentEncode } from '../wire.ts';
import { document, type XmlValue } from '../xml.ts';
import { OWNER } from './buckets.ts';

const MOST_KEYS = 1000;

/** The number of entries asked for, at most 1,000. @throws S3Error `InvalidArgument`. */
export function limitOf(call: Call, name: string): number {
  const value = call.query.get(name);
  if (value === undefined || value === '') return MOST_KEYS;
  if (!/^\d{1,10}$/.test(value)) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      elements: { ArgumentName: name, ArgumentValue: value },
    });
  }
  return Math.min(Number(value), MOST_KEYS);
}

/** With `encoding-type=url`, keys and prefixes are percent-encoded: the only safe way through XML 1.0. */
export function encoder(call: Call): (text: string) => string {
  const type = call.query.get('encoding-type');
  if (type === undefined) return (text) => text;
  if (type !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      elements: { ArgumentName: 'encoding-type', ArgumentValue: type },
    });
  }
  return (text) => percentEncode(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function encodeToken(last: Entry): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

function decodeToken(token: string): Walk['after'] {
  try {
    const last: Entry = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof last.key === 'string') return { key: last.key };
    if (typeof last.commonPrefix === 'string') return { commonPrefix: last.commonPrefix };
  } catch {
    // Reported below, like any other token that is not ours.
  }
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    elements: { ArgumentName: 'continuation-token' },
  });
}

interface Page {
  contents: { key: string; version: Version }[];
  prefixes: string[];
  /** The last entry of this page, if there are more. */
  last: Entry | null;
}

/** The bucket's keys in the order in which they are listed. */
export function listedKeys(call: Call): SortedKeys {
  const { keys } = call.bucket();
  return call.compat.utf16Order ? sortedKeys(keys, compareUtf16) : keys;
}

/** One page of current objects. A prefix counts only if something visible is below it. */
function page(call: Call, after: Walk['after'], limit: number): Page {
  const bucket = call.bucket();
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const result: Page = { contents: [], prefixes: [], last: null };
  let last: Entry | null = null;
  if (limit === 0) return result;
  for (const entry of walkKeys(listedKeys(call), { prefix, delimiter, after })) {
    const version = entry.key === undefined ? null : bucket.current(entry.key);
    const visible = entry.key === undefined ? hasVisible(call, entry.commonPrefix) : version !== null;
    if (!visible) continue;
    if (result.contents.length + result.prefixes.length === limit) return { ...result, last };
    if (entry.key === undefined) result.prefixes.push(entry.commonPrefix);
    else result.contents.push({ key: entry.key, version: version as Version });
    last = entry;
  }
  return result;
}

function hasVisible(call: Call, prefix: string): boolean {
  const bucket = call.bucket();
  for (const { key } of walkKeys(bucket.keys, { prefix, delimiter: '', after: null })) {
    if (key !== undefined && bucket.current(key)) return true;
  }
  return false;
}

function contentElements({ contents }: Page, encode: (text: string) => string, owner: boolean): XmlValue[] {
  return contents.map(({ key, version }) => ({
    Key: encode(key),
    LastModified: new Date(version.lastModified).toISOString(),
    ETag: `"${version.etag}"`,
    ChecksumAlgorithm: version.checksum?.algorithm,
    ChecksumType: version.checksum?.type,
    Size: version.size,
    StorageClass: version.storageClass ?? 'STANDARD',
    Owner: owner ? OWNER : undefined,
  }));
}

export function prefixElements(prefixes: string[], encode: (text: string) => string): XmlValue[] {
  return prefixes.map((prefix) => ({ Prefix: encode(prefix) }));
}

export function commonElements(
  call: Call,
  encode: (text: string) => string,
): { [element: string]: XmlValue } {
  const delimiter = call.query.get('delimiter');
  return {
    Name: call.bucketName,
    Prefix: encode(call.query.get('prefix') ?? ''),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    EncodingType: call.query.get('encoding-type'),
  };
}

export async function listObjectsV2(call: Call): Promise<Answer> {
  const limit = limitOf(call, 'max-keys');
  const encode = encoder(call);
  const token = call.query.get('continuation-token');
  const startAfter = call.query.get('start-after');
  const after = token !== undefined ? decodeToken(token) : startAfter ? { key: startAfter } : null;
  const found = page(call, after, limit);
  return {
    status: 200,
    body: document('ListBucketResult', {
      ...commonElements(call, encode),
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: token,
      NextContinuationToken: found.last ? encodeToken(found.last) : undefined,
      KeyCount: found.contents.length + found.prefixes.length,
      MaxKeys: limit,
      IsTruncated: found.last !== null,
      Contents: contentElements(found, encode, call.query.get('fetch-owner') === 'true'),
      CommonPrefixes: prefixElements(found.prefixes, encode),
    }),
  };
}

/**
 * A marker that ends with a delimiter after the prefix means a whole common prefix, as a page gave it
 * out.
 */
export function markerPlace(marker: string, prefix: string, delimiter: string): Walk['after'] {
  const rolledUp =
    delimiter !== '' && marker.startsWith(prefix) && marker.slice(prefix.length).endsWith(delimiter);
  return rolledUp ? { commonPrefix: marker } : { key: marker };
}

export async function listObjects(call: Call): Promise<Answer> {
  const limit = limitOf(call, 'max-keys');
  const encode = encoder(call);
  const marker = call.query.get('marker') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const found = page(
    call,
    marker === '' ? null : markerPlace(marker, call.query.get('prefix') ?? '', delimiter),
    limit,
  );
  const next = found.last && delimiter !== '' ? (found.last.key ?? found.last.commonPrefix) : null;
  return {
    status: 200,
    body: document('ListBucketResult', {
      ...commonElements(call, encode),
      Marker: encode(marker),
      NextMarker: next ? encode(next as string) : undefined,
      MaxKeys: limit,
      IsTruncated: found.last !== null,
      Contents: contentElements(found, encode, true),
      CommonPrefixes: prefixElements(found.prefixes, encode),
    }),
  };
}
