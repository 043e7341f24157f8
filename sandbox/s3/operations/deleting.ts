import { readDocument } from '../body.ts';
import type { Version } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { promisedChecksum } from '../checksums.ts';
import { checkDelete } from '../conditions.ts';
import { S3Error } from '../errors.ts';
import { bypasses } from '../lock.ts';
import { document, parseDocument, type XmlValue } from '../xml.ts';

const MOST_KEYS = 1000;

export async function deleteObject(call: Call): Promise<Answer> {
  const { key, headers: asked } = call;
  const removed = await call.bucket().remove(key, {
    id: call.query.get('versionId'),
    bypass: bypasses(asked),
    allow: (versions) => checkDelete(asked.get('if-match'), key, versions),
  });
  const headers: Record<string, string> = {};
  if (removed?.deleteMarker) headers['x-amz-delete-marker'] = 'true';
  if (removed && call.bucket().versioning()) headers['x-amz-version-id'] = removed.id;
  return { status: 204, headers };
}

function deletedElement(key: string, asked: string | undefined, removed: Version | null): XmlValue {
  const marker = removed?.deleteMarker ? removed.id : undefined;
  return {
    Key: key,
    VersionId: asked,
    DeleteMarker: marker === undefined ? undefined : true,
    DeleteMarkerVersionId: marker,
  };
}

interface Listed {
  key: string;
  id: string | undefined;
  etag: string | undefined;
}

async function removeOne(
  call: Call,
  { key, id, etag }: Listed,
): Promise<{ deleted: XmlValue } | { failed: XmlValue }> {
  try {
    call.checkKey(id === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion', key);
    const bypass = bypasses(call.headers);
    const allow = (versions: readonly Version[]) => checkDelete(etag, key, versions);
    return { deleted: deletedElement(key, id, await call.bucket().remove(key, { id, bypass, allow })) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof S3Error ? error.code : 'InternalError';
    return { failed: { Key: key, VersionId: id, Code: code, Message: message } };
  }
}

export async function deleteObjects(call: Call): Promise<Answer> {
  call.bucket();
  const received = call.body();
  if (!call.compat.noChecksums && !call.headers.has('content-md5') && !promisedChecksum(call.headers)) {
    throw new S3Error(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const request = parseDocument(await readDocument(received), 'Delete');
  const objects = request
    .all('Object')
    .map((each) => ({ key: each.text('Key') ?? '', id: each.text('VersionId'), etag: each.text('ETag') }));
  if (objects.length === 0 || objects.length > MOST_KEYS || objects.some(({ key }) => !key)) {
    throw new S3Error(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  }
  const deleted: XmlValue[] = [];
  const failed: XmlValue[] = [];
  for (const listed of objects) {
    const result = await removeOne(call, listed);
    if ('deleted' in result) deleted.push(result.deleted);
    else failed.push(result.failed);
  }
  const quiet = request.text('Quiet') === 'true';
  return { status: 200, body: document('DeleteResult', { Deleted: quiet ? [] : deleted, Error: failed }) };
}
