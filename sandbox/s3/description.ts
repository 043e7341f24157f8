import type { Description, Version } from './bucket.ts';
import { headerOf } from './checksums.ts';
import { S3Error } from './errors.ts';
import { lockHeaders } from './lock.ts';
import { propertyHeaders, readProperties } from './properties.ts';

const KEPT = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
];
const META = 'x-amz-meta-';
/**
 * All names and values of user metadata together, in bytes (Amazon S3 user guide, "User-defined object
 * metadata").
 */
const METADATA_LIMIT = 2048;
/** Features asked for by header that are not here: refused, so that nobody thinks that they work. */
const REFUSED = ['x-amz-server-side-encryption-customer-algorithm', 'x-amz-website-redirect-location'];

/**
 * What the headers of a put say about the object; `aws-chunked` among the encodings is about the transfer, and left
 * out unless it is to be kept. @throws S3Error `MetadataTooLarge`, `NotImplemented`, and as `readProperties`.
 */
export function readDescription(from: Map<string, string>, region: string, keepChunked = false): Description {
  const refused = REFUSED.find((name) => from.has(name));
  if (refused) {
    throw new S3Error(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      {
        elements: { Header: refused },
      },
    );
  }
  const headers: Record<string, string> = {};
  for (const name of KEPT) {
    const told = from.get(name);
    const value = name === 'content-encoding' && !keepChunked ? withoutChunked(told) : told;
    if (value) headers[name] = value;
  }
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of from) {
    if (!name.startsWith(META)) continue;
    metadata[name.slice(META.length)] = value;
    bytes += Buffer.byteLength(name) - META.length + Buffer.byteLength(value);
  }
  if (bytes > METADATA_LIMIT) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      elements: { Size: String(bytes), MaxSizeAllowed: String(METADATA_LIMIT) },
    });
  }
  return { headers, metadata, ...readProperties(from, region) };
}

function withoutChunked(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== 'aws-chunked')
    .join(',');
}

/** S3 returns non-ASCII metadata as RFC 2047 words. */
function metadataText(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

/** The headers that describe a version, for GetObject and HeadObject. */
export function describeVersion(version: Version, versioned: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(version.metadata)) headers[META + name] = metadataText(value);
  if (versioned) headers['x-amz-version-id'] = version.id;
  return { ...headers, ...propertyHeaders(version), ...lockHeaders(version) };
}

/** The checksum as headers; empty for none. */
export function checksumHeaders(checksum: Version['checksum']): Record<string, string> {
  if (!checksum) return {};
  return { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}
