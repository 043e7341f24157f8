import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { S3Error } from './errors.ts';

/** A request as it came over the wire, decoded but not yet checked. */
export interface Wire {
  method: string;
  /** The path, percent-decoded; bucket and key are taken from it. */
  path: string;
  /** Query parameters in the order sent, decoded. */
  query: [name: string, value: string][];
  /** Lower-case names; repeated headers are joined by a comma, as signatures want them. */
  headers: Map<string, string>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause });
  }
}

/** Percent-encodes all but the unreserved characters of RFC 3986, as AWS signatures and listings want it. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Node gives header bytes as Latin-1; clients that send UTF-8 there signed the UTF-8. */
function headerText(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/** Reads method, path, query and headers. @throws S3Error `InvalidURI` for broken percent-encoding. */
export function readWire(request: IncomingMessage): Wire {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const path = decode(mark < 0 ? target : target.slice(0, mark));
  const query: [string, string][] = [];
  for (const pair of mark < 0 ? [] : target.slice(mark + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    query.push([decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))]);
  }
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] as string).toLowerCase();
    const value = headerText(request.rawHeaders[index + 1] as string);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return { method: request.method ?? 'GET', path, query, headers };
}

/**
 * Which bucket and key the request means. Path style is `/bucket/key`; virtual-host style is
 * `bucket.localhost` or `bucket.s3.localhost`, the only names that always mean this machine (RFC 6761).
 */
export function address(wire: Wire): { bucket: string; key: string } {
  const host = (wire.headers.get('host') ?? '').replace(/:\d+$/, '');
  const virtual = isIP(host) ? null : /^(.+?)(?:\.s3)?\.localhost$/.exec(host);
  if (virtual && virtual[1] !== 's3') return { bucket: virtual[1] as string, key: wire.path.slice(1) };
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?([\s\S]*)$/.exec(wire.path) ?? [];
  return { bucket, key };
}
