import type { Version } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { checkRead } from '../conditions.ts';
import { checksumHeaders, describeVersion } from '../description.ts';
import { S3Error } from '../errors.ts';
import { checkReadable } from '../properties.ts';

/** Query parameters of a signed GET that replace headers of the answer. */
const OVERRIDES = [
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
  'cache-control',
  'expires',
];

/** The version that a request means. @throws S3Error `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed`. */
export function findVersion(call: Call): Version {
  const all = call.bucket().versions(call.key);
  const id = call.query.get('versionId');
  const found = id === undefined ? all[0] : all.find((version) => version.id === id);
  if (!found && id !== undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', {
      elements: { Key: call.key, VersionId: id },
    });
  }
  if (found && !found.deleteMarker) return found;
  const headers: Record<string, string> = found
    ? { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.id }
    : {};
  if (id !== undefined) {
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      headers: {
        ...headers,
        allow: 'DELETE',
        ...(found && { 'last-modified': new Date(found.lastModified).toUTCString() }),
      },
    });
  }
  throw new S3Error('NoSuchKey', 'The specified key does not exist.', {
    headers,
    elements: { Key: call.key },
  });
}

/** The version's id, in a bucket that has versions. */
export function versionHeader(call: Call, version: Version): Record<string, string> {
  return call.bucket().versioning() ? { 'x-amz-version-id': version.id } : {};
}

/**
 * One `bytes=` range, both ends inclusive; null for none, several, or an invalid one, which S3 ignores
 * too.
 */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first, last] = [match[1] as string, match[2] as string];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return null;
  if (start >= size) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      elements: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { start, end };
}

function overrides(query: Map<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

function prepare(call: Call): {
  version: Version;
  range: { start: number; end: number } | null;
  answer: Answer;
} {
  if (call.query.has('partNumber')) {
    throw new S3Error('NotImplemented', 'This server does not give back single parts of an object.');
  }
  const bucket = call.bucket();
  const version = findVersion(call);
  checkRead(call.headers, version);
  const range = parseRange(call.headers.get('range'), version.size);
  const length = range ? range.end - range.start + 1 : version.size;
  const headers: Record<string, string> = {
    ...describeVersion(version, bucket.versioning() !== null),
    'content-length': String(length),
    ...overrides(call.query),
  };
  if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${version.size}`;
  else if (call.headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED') {
    Object.assign(headers, checksumHeaders(version.checksum));
  }
  return { version, range, answer: { status: range ? 206 : 200, headers } };
}

export async function headObject(call: Call): Promise<Answer> {
  return prepare(call).answer;
}

export async function getObject(call: Call): Promise<Answer> {
  const { version, range, answer } = prepare(call);
  checkReadable(version);
  if (version.size === 0) return answer;
  return { ...answer, body: await call.bucket().data.read(version.file, range ?? undefined) };
}
