import { createHash, randomBytes } from 'node:crypto';
import type { Digests } from '../body.ts';
import type { Bucket, NewVersion, StoredChecksum, Version } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { type Algorithm, algorithmOf, startSum } from '../checksums.ts';
import { checkRead, writeCondition } from '../conditions.ts';
import { checksumHeaders, readDescription } from '../description.ts';
import { S3Error } from '../errors.ts';
import { lockAsked, lockOf, needsDigest } from '../lock.ts';
import { checkReadable, encryptionHeaders, hidesMd5, type Properties } from '../properties.ts';
import { document } from '../xml.ts';
import { findVersion } from './reading.ts';

function storedChecksum(checksum: Digests['checksum']): StoredChecksum | null {
  return checksum && { ...checksum, type: 'FULL_OBJECT' };
}

/** The ETag of bytes with that MD5: of encrypted bytes, and of some stores, it is something else. */
export function etagOf(call: Call, properties: Properties, md5: string): string {
  return call.compat.opaqueEtags || hidesMd5(properties) ? randomBytes(16).toString('hex') : md5;
}

/** Headers of the answer to a write. */
export function writtenHeaders(bucket: Bucket, version: Version): Record<string, string> {
  const id: Record<string, string> = bucket.versioning() ? { 'x-amz-version-id': version.id } : {};
  return { ...id, ...encryptionHeaders(version) };
}

export async function putObject(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const description = readDescription(call.headers, call.region, call.compat.keepsEncoding);
  if (call.compat.archivesAtOnce) description.storageClass = 'GLACIER';
  const lock = lockAsked(call.headers, bucket);
  needsDigest(call.headers, lock, bucket, 'Object');
  const isVersioned = bucket.versioning() === 'Enabled';
  const keepsRefused = isVersioned && call.compat.keepsRefusedPuts;
  const received = call.body(call.headers, isVersioned && call.compat.keepsCutPuts);
  const allow = keepsRefused ? () => void writeCondition(call) : writeCondition(call);
  const file = await bucket.data.write(received.bytes);
  const { size, md5, crc32, checksum } = received.digests();
  const etag = etagOf(call, description, md5);
  const version = await bucket.put(
    call.key,
    {
      ...description,
      ...lockOf(lock, bucket),
      ...{ size, etag, crc32, checksum: storedChecksum(checksum), file },
    },
    allow,
    keepsRefused,
  );
  return {
    status: 200,
    headers: {
      etag: `"${version.etag}"`,
      ...checksumHeaders(version.checksum),
      ...writtenHeaders(bucket, version),
    },
  };
}

/** Bucket, key and version named by `x-amz-copy-source`. */
function copySource(call: Call): Call {
  const [path = '', version] = (call.headers.get('x-amz-copy-source') ?? '').split('?versionId=');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path).replace(/^\//, '');
  } catch (cause) {
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      {
        cause,
      },
    );
  }
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) {
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const bucketName = decoded.slice(0, slash);
  return {
    ...call,
    bucketName,
    key: decoded.slice(slash + 1),
    query: new Map(version === undefined ? [] : [['versionId', version]]),
    bucket: () => call.store.bucket(bucketName),
  };
}

function copyConditions(headers: Map<string, string>): Map<string, string> {
  const prefix = 'x-amz-copy-source-';
  return new Map(
    [...headers]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** With one of these, a copy of an object to itself changes something. */
const CHANGES = ['x-amz-storage-class', 'x-amz-server-side-encryption'];

/** The data of a version, written again, with the checksums that a put of it would have. */
async function duplicate(from: Bucket, source: Version, to: Bucket, algorithm: Algorithm | null) {
  const md5 = createHash('md5');
  const crc32 = startSum('CRC32');
  const other = algorithm && startSum(algorithm);
  async function* bytes(): AsyncGenerator<Buffer> {
    if (source.size === 0) return;
    for await (const chunk of await from.data.read(source.file)) {
      md5.update(chunk);
      crc32.update(chunk);
      other?.update(chunk);
      yield chunk;
    }
  }
  const file = await to.data.write(bytes());
  const checksum: StoredChecksum | null =
    algorithm && other ? { algorithm, value: other.digest(), type: 'FULL_OBJECT' } : null;
  return { file, size: source.size, etag: md5.digest('hex'), crc32: crc32.digest(), checksum };
}

export async function copyObject(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const from = copySource(call);
  const source = findVersion(from);
  const directive = call.headers.get('x-amz-metadata-directive')?.toUpperCase() ?? 'COPY';
  const asked = readDescription(call.headers, call.region);
  const toItself = bucket.name === from.bucketName && call.key === from.key && !from.query.has('versionId');
  const changes = directive === 'REPLACE' || CHANGES.some((name) => call.headers.has(name));
  if (toItself && !changes) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const conditions = copyConditions(call.headers);
  try {
    checkRead(conditions, source);
  } catch (error) {
    // A copy never answers "not modified".
    if (!(error instanceof S3Error)) throw error;
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  }
  const allow = writeCondition(call);
  checkReadable(source);
  const { headers, metadata } = directive === 'REPLACE' ? asked : source;
  const lock = lockAsked(call.headers, bucket);
  const wanted = call.headers.get('x-amz-checksum-algorithm');
  const algorithm = wanted ? algorithmOf(wanted) : (source.checksum?.algorithm ?? null);
  const copied = await duplicate(from.bucket(), source, bucket, call.compat.noChecksums ? null : algorithm);
  const replacesTags = call.headers.get('x-amz-tagging-directive')?.toUpperCase() === 'REPLACE';
  const { tags: askedTags, ...properties } = asked;
  const tags = replacesTags ? askedTags : source.tags;
  const etag = etagOf(call, properties, copied.etag);
  const made: NewVersion = {
    ...{ ...properties, ...copied, etag, headers, metadata },
    ...lockOf(lock, bucket),
    ...(tags && { tags }),
  };
  const version = await bucket.put(call.key, made, allow);
  return {
    status: 200,
    headers: {
      ...writtenHeaders(bucket, version),
      ...(from.bucket().versioning() ? { 'x-amz-copy-source-version-id': source.id } : {}),
    },
    body: document('CopyObjectResult', {
      LastModified: new Date(version.lastModified).toISOString(),
      ETag: `"${version.etag}"`,
      ...(version.checksum ? checksumElements(version.checksum) : {}),
    }),
  };
}

/** A checksum as elements of an answer. */
export function checksumElements(checksum: StoredChecksum): Record<string, string> {
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}
