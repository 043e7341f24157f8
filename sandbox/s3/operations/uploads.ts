import type { Answer, Call } from '../call.ts';
import { compareKeys, sortedKeys, walkKeys } from '../keys.ts';
import type { Upload } from '../uploads.ts';
import { document, type XmlValue } from '../xml.ts';
import { OWNER } from './buckets.ts';
import { encoder, limitOf } from './listing.ts';
import { findUpload } from './multipart.ts';

export async function listParts(call: Call): Promise<Answer> {
  const upload = findUpload(call);
  const limit = limitOf(call, 'max-parts');
  const marker = Number(call.query.get('part-number-marker') ?? 0);
  const parts = [...upload.parts.values()]
    .filter((part) => part.number > marker)
    .sort((a, b) => a.number - b.number);
  const shown = parts.slice(0, limit);
  const truncated = shown.length < parts.length && limit > 0;
  return {
    status: 200,
    body: document('ListPartsResult', {
      Bucket: call.bucketName,
      Key: encoder(call)(call.key),
      UploadId: upload.id,
      PartNumberMarker: marker,
      NextPartNumberMarker: truncated ? shown.at(-1)?.number : undefined,
      MaxParts: limit,
      IsTruncated: truncated,
      ChecksumAlgorithm: upload.algorithm ?? undefined,
      ChecksumType: upload.checksumType ?? undefined,
      StorageClass: upload.storageClass ?? 'STANDARD',
      Initiator: OWNER,
      Owner: OWNER,
      Part: shown.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.lastModified).toISOString(),
        ETag: `"${part.etag}"`,
        Size: part.size,
        ...(upload.algorithm ? { [`Checksum${upload.algorithm}`]: part.checksum ?? undefined } : {}),
      })),
    }),
  };
}

/** Uploads in order of key, then of start. */
function inOrder(uploads: Upload[]): Upload[] {
  return uploads.sort(
    (a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated || (a.id < b.id ? -1 : 1),
  );
}

export async function listMultipartUploads(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const limit = limitOf(call, 'max-uploads');
  const encode = encoder(call);
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const keyMarker = call.query.get('key-marker') ?? '';
  const idMarker = call.query.get('upload-id-marker') ?? '';
  const all = inOrder(bucket.uploads.all());
  const marked = all.findIndex((upload) => upload.id === idMarker && upload.key === keyMarker);
  const rest = all.filter((upload, index) => {
    const order = compareKeys(upload.key, keyMarker);
    return keyMarker === '' || order > 0 || (order === 0 && marked >= 0 && index > marked);
  });
  const shown: Upload[] = [];
  const prefixes: string[] = [];
  let truncated = false;
  for (const entry of walkKeys(sortedKeys(new Set(rest.map((upload) => upload.key))), {
    prefix,
    delimiter,
    after: null,
  })) {
    const group = entry.key === undefined ? [null] : rest.filter((upload) => upload.key === entry.key);
    for (const upload of group) {
      if (shown.length + prefixes.length >= limit) truncated = limit > 0;
      else if (upload) shown.push(upload);
      else prefixes.push(entry.commonPrefix as string);
    }
    if (truncated) break;
  }
  const last = shown.at(-1);
  return {
    status: 200,
    body: document('ListMultipartUploadsResult', {
      Bucket: bucket.name,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: truncated && last ? encode(last.key) : undefined,
      NextUploadIdMarker: truncated ? last?.id : undefined,
      Prefix: encode(prefix),
      Delimiter: delimiter ? encode(delimiter) : undefined,
      EncodingType: call.query.get('encoding-type'),
      MaxUploads: limit,
      IsTruncated: truncated,
      Upload: shown.map(
        (upload): XmlValue => ({
          Key: encode(upload.key),
          UploadId: upload.id,
          Initiated: new Date(upload.initiated).toISOString(),
          StorageClass: upload.storageClass ?? 'STANDARD',
          ChecksumAlgorithm: upload.algorithm ?? undefined,
          ChecksumType: upload.checksumType ?? undefined,
          Initiator: OWNER,
          Owner: OWNER,
        }),
      ),
      CommonPrefixes: prefixes.map((each) => ({ Prefix: encode(each) })),
    }),
  };
}
