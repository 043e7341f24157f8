import type { Bucket, Version } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { type SortedKeys, walkKeys } from '../keys.ts';
import { document, type XmlValue } from '../xml.ts';
import { OWNER } from './buckets.ts';
import { commonElements, encoder, limitOf, listedKeys, markerPlace, prefixElements } from './listing.ts';

/** One line of the listing: a version with its key, or a common prefix. */
type Line = { key: string; version: Version; newest: boolean } | { commonPrefix: string };

interface Place {
  prefix: string;
  delimiter: string;
  keyMarker: string;
  idMarker: string;
}

function linesOf(bucket: Bucket, key: string): Line[] {
  return bucket.versions(key).map((version, index) => ({ key, version, newest: index === 0 }));
}

/** All lines after the markers: keys in order, and the versions of each from new to old. */
function* lines(
  bucket: Bucket,
  keys: SortedKeys,
  { prefix, delimiter, keyMarker, idMarker }: Place,
): Generator<Line> {
  if (idMarker !== '' && keyMarker.startsWith(prefix)) {
    const marked = bucket.versions(keyMarker).findIndex((version) => version.id === idMarker);
    if (marked >= 0) yield* linesOf(bucket, keyMarker).slice(marked + 1);
  }
  const after = keyMarker === '' ? null : markerPlace(keyMarker, prefix, delimiter);
  for (const entry of walkKeys(keys, { prefix, delimiter, after })) {
    if (entry.key === undefined) yield { commonPrefix: entry.commonPrefix };
    else yield* linesOf(bucket, entry.key);
  }
}

function versionElement(
  line: Exclude<Line, { commonPrefix: string }>,
  encode: (text: string) => string,
): XmlValue {
  const { version } = line;
  const common = {
    Key: encode(line.key),
    VersionId: version.id,
    IsLatest: line.newest,
    LastModified: new Date(version.lastModified).toISOString(),
    Owner: OWNER,
  };
  if (version.deleteMarker) return common;
  return {
    ...common,
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: version.storageClass ?? 'STANDARD',
  };
}

function markersAfter(last: Line, encode: (text: string) => string): { [element: string]: XmlValue } {
  if ('commonPrefix' in last) return { NextKeyMarker: encode(last.commonPrefix) };
  return { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.version.id };
}

export async function listObjectVersions(call: Call): Promise<Answer> {
  const limit = limitOf(call, 'max-keys');
  const encode = encoder(call);
  const place: Place = {
    prefix: call.query.get('prefix') ?? '',
    delimiter: call.query.get('delimiter') ?? '',
    keyMarker: call.query.get('key-marker') ?? '',
    idMarker: call.query.get('version-id-marker') ?? '',
  };
  const found = [...lines(call.bucket(), listedKeys(call), place).take(limit + 1)];
  const shown = found.slice(0, limit);
  const last = found.length > shown.length ? shown.at(-1) : undefined;
  const versions = shown.filter((line) => 'key' in line);
  return {
    status: 200,
    body: document('ListVersionsResult', {
      ...commonElements(call, encode),
      KeyMarker: encode(place.keyMarker),
      VersionIdMarker: place.idMarker,
      ...(last && markersAfter(last, encode)),
      MaxKeys: limit,
      IsTruncated: last !== undefined,
      Version: versions
        .filter((line) => !line.version.deleteMarker)
        .map((line) => versionElement(line, encode)),
      DeleteMarker: versions
        .filter((line) => line.version.deleteMarker)
        .map((line) => versionElement(line, encode)),
      CommonPrefixes: prefixElements(
        shown.filter((line) => 'commonPrefix' in line).map((line) => line.commonPrefix),
        encode,
      ),
    }),
  };
}
