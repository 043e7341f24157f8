import type { Version } from './bucket.ts';
import type { Call } from './call.ts';
import { S3Error } from './errors.ts';

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    elements: { Condition: condition },
  });
}

function matches(header: string, version: Version): boolean {
  return header.split(',').some((each) => {
    const etag = each.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
    return etag === '*' || etag === version.etag;
  });
}

/** HTTP dates have only whole seconds. */
function modifiedAfter(version: Version, date: string): boolean {
  const time = Date.parse(date);
  return Number.isNaN(time) || Math.floor(version.lastModified / 1000) * 1000 > time;
}

/** If-Match and similar headers on a read. @throws S3Error `PreconditionFailed`, or `NotModified` (304). */
export function checkRead(headers: Map<string, string>, version: Version): void {
  const ifMatch = headers.get('if-match');
  const ifUnmodified = headers.get('if-unmodified-since');
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, version)) throw failed('If-Match');
  } else if (ifUnmodified !== undefined && modifiedAfter(version, ifUnmodified)) {
    throw failed('If-Unmodified-Since');
  }
  const ifNoneMatch = headers.get('if-none-match');
  const ifModified = headers.get('if-modified-since');
  const same = ifNoneMatch === undefined ? undefined : matches(ifNoneMatch, version);
  if (same || (same === undefined && ifModified !== undefined && !modifiedAfter(version, ifModified))) {
    throw new S3Error('NotModified', 'Not Modified', { headers: { etag: `"${version.etag}"` } });
  }
}

/**
 * If-Match on a delete, about the newest version whatever version is named (Amazon S3 user guide, "How to perform
 * conditional deletes"). @throws S3Error `PreconditionFailed`, also when a delete marker is the newest; `NoSuchKey`.
 */
export function checkDelete(ifMatch: string | undefined, key: string, [newest]: readonly Version[]): void {
  if (ifMatch === undefined) return;
  if (!newest)
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', { elements: { Key: key } });
  if (newest.deleteMarker || !matches(ifMatch, newest)) throw failed('If-Match');
}

/**
 * If-None-Match and If-Match on a write. Checked twice: now, so that no client sends a useless body, and by
 * the returned function when the object is about to appear. A change in between is a conflict of two
 * writers. @throws S3Error `PreconditionFailed`, `NoSuchKey`; the returned function
 * `ConditionalRequestConflict`.
 */
export function writeCondition(call: Call): (current: Version | null) => void {
  const ifNoneMatch = call.headers.get('if-none-match');
  const ifMatch = call.headers.get('if-match');
  if (call.compat.noConditional || (ifNoneMatch === undefined && ifMatch === undefined)) return () => {};
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new S3Error(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      {
        elements: { Header: 'If-None-Match' },
      },
    );
  }
  const before = call.bucket().current(call.key);
  if (ifNoneMatch !== undefined && before) throw failed('If-None-Match');
  if (ifMatch !== undefined) {
    if (!before)
      throw new S3Error('NoSuchKey', 'The specified key does not exist.', { elements: { Key: call.key } });
    if (!matches(ifMatch, before)) throw failed('If-Match');
  }
  return (current) => {
    if (current === before) return;
    throw new S3Error(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      { elements: { Condition: ifMatch === undefined ? 'If-None-Match' : 'If-Match', Key: call.key } },
    );
  };
}
