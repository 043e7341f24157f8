import { createHash } from 'node:crypto';
import { readDocument } from '../body.ts';
import type { Bucket, Description, StoredChecksum } from '../bucket.ts';
import type { Answer, Call } from '../call.ts';
import { algorithmOf, headerOf, startSum } from '../checksums.ts';
import { writeCondition } from '../conditions.ts';
import { readDescription } from '../description.ts';
import { S3Error } from '../errors.ts';
import { lockAsked, lockOf, needsDigest } from '../lock.ts';
import { encryptionHeaders } from '../properties.ts';
import type { Part, Upload } from '../uploads.ts';
import { document, parseDocument, type XmlNode } from '../xml.ts';
import { checksumElements, etagOf, writtenHeaders } from './writing.ts';

/**
 * Every part except the last has at least 5 MiB, and there are at most 10,000 (Amazon S3 user guide, limits).
 */
const SMALLEST_PART = 5 * 2 ** 20;
const MOST_PARTS = 10_000;

/** The upload that a call names. @throws S3Error `NoSuchUpload`. */
export function findUpload(call: Call): Upload {
  const upload = call.bucket().uploads.get(call.query.get('uploadId') ?? '');
  if (upload?.key === call.key) return upload;
  throw noSuchUpload();
}

function noSuchUpload(): S3Error {
  return new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
}

function checksumPlan(call: Call): Pick<Upload, 'algorithm' | 'checksumType'> {
  const name = call.headers.get('x-amz-checksum-algorithm');
  const type = call.headers.get('x-amz-checksum-type')?.toUpperCase();
  if (call.compat.noChecksums || !name) return { algorithm: null, checksumType: null };
  const algorithm = algorithmOf(name);
  if (type !== undefined && type !== 'FULL_OBJECT' && type !== 'COMPOSITE') {
    throw new S3Error('InvalidRequest', 'Value for x-amz-checksum-type header is invalid.');
  }
  if (type === 'FULL_OBJECT' && !algorithm.startsWith('CRC')) {
    throw new S3Error(
      'InvalidRequest',
      `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, checksumType: type ?? 'COMPOSITE' };
}

export async function createMultipartUpload(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const plan = checksumPlan(call);
  const description = readDescription(call.headers, call.region);
  const lock = lockAsked(call.headers, bucket);
  const upload = await bucket.uploads.create({ ...description, ...plan, key: call.key, lock });
  const headers: Record<string, string> = encryptionHeaders(upload);
  if (plan.algorithm) headers['x-amz-checksum-algorithm'] = plan.algorithm;
  if (plan.checksumType) headers['x-amz-checksum-type'] = plan.checksumType;
  return {
    status: 200,
    headers,
    body: document('InitiateMultipartUploadResult', {
      Bucket: bucket.name,
      Key: call.key,
      UploadId: upload.id,
    }),
  };
}

function partNumber(call: Call): number {
  const number = Number(call.query.get('partNumber') ?? 'none');
  if (Number.isInteger(number) && number >= 1 && number <= MOST_PARTS) return number;
  throw new S3Error(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`,
    {
      elements: { ArgumentName: 'partNumber', ArgumentValue: call.query.get('partNumber') ?? '' },
    },
  );
}

export async function uploadPart(call: Call): Promise<Answer> {
  const bucket = call.bucket();
  const upload = findUpload(call);
  const number = partNumber(call);
  needsDigest(call.headers, upload.lock, bucket, 'Part');
  const received = call.body();
  const file = await bucket.data.write(received.bytes);
  const { size, md5, crc32, checksum } = received.digests();
  // An upload without an algorithm takes parts with any: the SDK sends CRC32 with parts, unless told
  // otherwise, but names none at the start. And a checksum of the whole object needs none of the parts.
  const free = upload.algorithm === null || (upload.checksumType === 'FULL_OBJECT' && !checksum);
  if (!free && checksum?.algorithm !== upload.algorithm) {
    await bucket.data.drop([file]);
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm?.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase() ?? 'null'}`,
    );
  }
  const etag = etagOf(call, upload, md5);
  const part: Part = {
    number,
    size,
    etag,
    crc32,
    checksum: upload.algorithm ? (checksum?.value ?? null) : null,
    lastModified: Date.now(),
    file,
  };
  if (!(await bucket.uploads.addPart(upload.id, part))) throw noSuchUpload();
  const headers: Record<string, string> = { etag: `"${etag}"`, ...encryptionHeaders(upload) };
  if (checksum) headers[headerOf(checksum.algorithm)] = checksum.value;
  return { status: 200, headers };
}

/** The parts that the client lists, in its order, checked against what was uploaded. */
function chosenParts(upload: Upload, request: XmlNode): Part[] {
  const chosen: Part[] = [];
  for (const listed of request.all('Part')) {
    const number = Number(listed.text('PartNumber'));
    const etag = listed.text('ETag')?.replace(/^"|"$/g, '');
    if (number <= (chosen.at(-1)?.number ?? 0)) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
    const part = upload.parts.get(number);
    const checksum = upload.algorithm ? listed.text(`Checksum${upload.algorithm}`) : undefined;
    if (!part || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum)) {
      throw new S3Error(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { elements: { UploadId: upload.id, PartNumber: String(number), ETag: etag ?? '' } },
      );
    }
    if (checksum === undefined && upload.checksumType === 'COMPOSITE') {
      throw new S3Error(
        'InvalidRequest',
        `The upload was created using a ${upload.algorithm?.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    chosen.push(part);
  }
  if (chosen.length === 0) {
    throw new S3Error('MalformedXML', 'The XML you provided did not validate against our published schema');
  }
  const small = chosen.slice(0, -1).find((part) => part.size < SMALLEST_PART);
  if (small) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      elements: {
        ProposedSize: String(small.size),
        MinSizeAllowed: String(SMALLEST_PART),
        PartNumber: String(small.number),
      },
    });
  }
  return chosen;
}

/** The checksum of the parts' checksums. */
function compositeChecksum(upload: Upload, parts: Part[]): StoredChecksum | null {
  if (!upload.algorithm || upload.checksumType !== 'COMPOSITE') return null;
  const sum = startSum(upload.algorithm);
  for (const part of parts) sum.update(Buffer.from(part.checksum as string, 'base64'));
  return { algorithm: upload.algorithm, value: `${sum.digest()}-${parts.length}`, type: 'COMPOSITE' };
}

/** Joins the parts into one data file, and computes the checksums of the whole on the way. */
async function join(bucket: Bucket, upload: Upload, parts: Part[]) {
  const crc32 = startSum('CRC32');
  const whole = upload.algorithm && upload.checksumType === 'FULL_OBJECT' ? startSum(upload.algorithm) : null;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const part of parts) {
      for await (const chunk of await bucket.data.read(part.file)) {
        crc32.update(chunk);
        whole?.update(chunk);
        yield chunk;
      }
    }
  }
  const file = await bucket.data.write(bytes());
  const checksum: StoredChecksum | null =
    upload.algorithm && whole
      ? { algorithm: upload.algorithm, value: whole.digest(), type: 'FULL_OBJECT' }
      : compositeChecksum(upload, parts);
  return { file, crc32: crc32.digest(), checksum };
}

/** What the client says about the whole object must be true. */
function checkPromises(call: Call, upload: Upload, size: number, checksum: StoredChecksum | null): void {
  const promisedSize = call.headers.get('x-amz-mp-object-size');
  if (promisedSize !== undefined && Number(promisedSize) !== size) {
    throw new S3Error(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${promisedSize} does not match what was computed: ${size}`,
    );
  }
  if (!upload.algorithm || !checksum) return;
  const promised = call.headers.get(headerOf(upload.algorithm));
  if (
    promised !== undefined &&
    promised !== checksum.value &&
    `${promised}` !== checksum.value.replace(/-\d+$/, '')
  ) {
    throw new S3Error(
      'BadDigest',
      `The ${upload.algorithm} you specified did not match the calculated checksum.`,
    );
  }
}

/** What was said about the object when the upload began. */
function descriptionOf(upload: Upload): Description {
  const { headers, metadata, storageClass, encryption, tags } = upload;
  return {
    ...{ headers, metadata },
    ...(storageClass && { storageClass }),
    ...(encryption && { encryption }),
    ...(tags && { tags }),
  };
}

/** What a request says about the parts, in a form that can be compared. */
function partList(request: XmlNode): string {
  const parts = request
    .all('Part')
    .map((part) => [part.text('PartNumber'), part.text('ETag')?.replaceAll('"', '')]);
  return JSON.stringify(parts);
}

/**
 * The same request again, e.g. because the first answer was lost, gets the same answer. AWS does so, and the test
 * `test_multipart_upload_small` of ceph/s3-tests wants it from every store.
 */
function answerAgain(call: Call, request: XmlNode): Answer | null {
  const earlier = call.bucket().uploads.completed(call.query.get('uploadId') ?? '');
  return earlier?.key === call.key && earlier.parts === partList(request) ? earlier.answer : null;
}

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  // Checksum headers here are about the future object, not about this request's own body.
  const headers = new Map([...call.headers].filter(([name]) => !/^x-amz-(sdk-)?checksum-/.test(name)));
  const request = parseDocument(await readDocument(call.body(headers)), 'CompleteMultipartUpload');
  const id = call.query.get('uploadId') ?? '';
  return call.bucket().uploads.inTurn(id, async () => answerAgain(call, request) ?? complete(call, request));
}

async function complete(call: Call, request: XmlNode): Promise<Answer> {
  const bucket = call.bucket();
  const upload = findUpload(call);
  const parts = chosenParts(upload, request);
  const allow = writeCondition(call);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const { file, crc32, checksum } = await join(bucket, upload, parts).catch((error: unknown) => {
    // Aborted, or completed by another request: the parts went away while they were being read.
    throw bucket.uploads.get(upload.id) ? error : noSuchUpload();
  });
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  const etag = `${md5.digest('hex')}-${parts.length}`;
  const version = await bucket.put(
    call.key,
    { ...descriptionOf(upload), ...lockOf(upload.lock, bucket), ...{ size, etag, crc32, checksum, file } },
    (current) => {
      allow(current);
      checkPromises(call, upload, size, checksum);
      if (!bucket.uploads.get(upload.id)) throw noSuchUpload();
    },
  );
  const answer: Answer = {
    status: 200,
    headers: writtenHeaders(bucket, version),
    body: document('CompleteMultipartUploadResult', {
      Location: `/${bucket.name}/${encodeURIComponent(call.key)}`,
      Bucket: bucket.name,
      Key: call.key,
      ETag: `"${etag}"`,
      ...(checksum ? checksumElements(checksum) : {}),
    }),
  };
  await bucket.uploads.end(upload.id, { key: call.key, parts: partList(request), answer });
  return answer;
}

export async function abortMultipartUpload(call: Call): Promise<Answer> {
  await call.bucket().uploads.end(findUpload(call).id);
  return { status: 204 };
}
