import { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { StoredObject } from '../catalog/model.ts';
import { adoptObject, type Expected, findObject, headObject } from './adopt.ts';
import { CRC32_TRAILER, createFrame } from './aws-chunked.ts';
import type { Bucket } from './bucket.ts';
import { isTaken, StorageError, storageError } from './errors.ts';
import { BodyError, type Digest, measure } from './measure.ts';
import { DISPOSITION } from './metadata.ts';
import { putMultipart } from './multipart.ts';
import { proofOf, unquote } from './probe.ts';
import { removeObject } from './remove.ts';
import { type PutAnswer, streamShape } from './send-put.ts';
import type { PutRequest, Transfer } from './transfer.ts';

/**
 * Up to this size, a body is held in memory. So it can be sent again, its checksum goes in a header, and its SHA-256
 * goes into the metadata. For a larger body, streaming is cheaper.
 */
export const BUFFERED_BYTES = 64 * 1024;

/** Is a body of this length (null: unknown) sent in parts? See `inPartSlot`. */
export function needsParts({ singlePutBytes }: Bucket, length: number | null): boolean {
  return length === null || length > singlePutBytes;
}

/**
 * Stores a body under a key that must be free, and proves that the bucket has it whole. If an earlier attempt left our
 * object under the key, it is checked and adopted. A failure leaves nothing behind: no object, no parts.
 * Throws `BodyError` when the body breaks, is too short or too long, and `StorageError` for the bucket's failures:
 * `object_conflict` when something else has the key (use another), `object_damaged`, `bucket_stalled`, ….
 */
export async function putObject(bucket: Bucket, request: PutRequest): Promise<StoredObject> {
  const { body, length, signal } = request;
  const source = body instanceof Readable ? body : Readable.from(body);
  // The source can break at any moment. An error that nobody listens for would end the process.
  source.on('error', () => {});
  const stop = new AbortController();
  const onAbort = () => {
    stop.abort(signal?.reason);
    // Otherwise a reader of the source would wait for more bytes.
    source.destroy();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    const transfer = { ...request, source, stop };
    if (needsParts(bucket, length)) return await putMultipart(bucket, transfer);
    if (length !== null && length > BUFFERED_BYTES && !Buffer.isBuffer(body))
      return await putStream(bucket, transfer, length);
    return await putBuffer(bucket, transfer);
  } catch (error) {
    if (signal?.aborted)
      throw new StorageError('aborted', 'The transfer to the bucket was stopped.', { cause: signal.reason });
    throw error instanceof BodyError ? error : storageError(error, bucket.place);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    source.destroy();
  }
}

async function putBuffer(bucket: Bucket, transfer: Transfer): Promise<StoredObject> {
  const [bytes, digest] = await readWhole(bucket, transfer);
  const expected = { ...transfer, sha256: digest.sha256 };
  const earlier = await unprotected(bucket, expected);
  if (earlier) return earlier;
  const metadata = { ...transfer.metadata, sha256: digest.sha256 };
  try {
    const answer = await sendBuffer(bucket, { ...transfer, metadata }, bytes, digest);
    return await proven(bucket, transfer, digest, answer, true);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await adoptObject(bucket, expected);
  }
}

/**
 * After any failure, the SDK sends the bytes: it knows when to try again and how long to wait. This is not done when
 * nothing protects the key: sent again, the bytes would become a second version.
 */
async function sendBuffer(
  bucket: Bucket,
  request: Transfer,
  bytes: Buffer,
  digest: Digest,
): Promise<PutAnswer> {
  const { checksums, conditionalPut } = bucket.capabilities;
  const { signal } = request.stop;
  try {
    return await bucket.sendPut({
      key: request.key,
      headers: { ...putHeaders(bucket, request), ...(checksums && { [CRC32_TRAILER]: digest.crc32 }) },
      ...{ body: bytes, length: bytes.length, payload: digest.sha256, signal },
    });
  } catch (error) {
    if (!conditionalPut || signal.aborted || isTaken(error)) throw error;
    const input = {
      ...{ Bucket: bucket.name, Key: request.key, ContentType: contentTypeOf(request) },
      ContentDisposition: DISPOSITION,
      ...{ Metadata: request.metadata, IfNoneMatch: '*', Body: bytes, ContentLength: bytes.length },
      ...(checksums && { ChecksumAlgorithm: 'CRC32' as const, ChecksumCRC32: digest.crc32 }),
    };
    const answer = await bucket.client.send(new PutObjectCommand(input), { abortSignal: signal });
    return { etag: answer.ETag, versionId: answer.VersionId, crc32: answer.ChecksumCRC32 };
  }
}

/** One streaming request, which cannot be sent again. */
async function putStream(bucket: Bucket, transfer: Transfer, length: number): Promise<StoredObject> {
  const { source, stop, maxBytes, key } = transfer;
  const { trailers } = bucket.capabilities;
  const earlier = await unprotected(bucket, transfer);
  if (earlier) return earlier;
  const { body, digest } = measure(source, {
    ...{ length, maxBytes, md5: needsMd5(bucket, trailers) },
    frame: trailers ? createFrame(length) : undefined,
  });
  try {
    const shape = streamShape(length, trailers);
    const headers = { ...putHeaders(bucket, transfer), ...shape.headers };
    const answer = await bucket.sendPut({ ...shape, key, headers, body, signal: stop.signal });
    const measured = digest();
    if (!measured) throw new StorageError('bucket_failed', 'The bucket answered before it had all bytes.');
    return await proven(bucket, transfer, measured, answer, trailers);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await adoptObject(bucket, transfer);
  }
}

/** If the store would silently overwrite an object, the key is checked first. */
async function unprotected(bucket: Bucket, expected: Expected): Promise<StoredObject | null> {
  return bucket.capabilities.conditionalPut ? null : findObject(bucket, expected);
}

function putHeaders(bucket: Bucket, request: PutRequest): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': contentTypeOf(request),
    'content-disposition': DISPOSITION,
  };
  if (bucket.capabilities.conditionalPut) headers['if-none-match'] = '*';
  for (const [field, value] of Object.entries(request.metadata)) headers[`x-amz-meta-${field}`] = value;
  return headers;
}

/** The type comes from the uploader's program. A type that no header can hold is not used. */
function contentTypeOf({ contentType }: PutRequest): string {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(contentType) ? contentType : 'application/octet-stream';
}

/** Compares the bucket's answer with what was sent. If they differ, removes the object and throws `object_damaged`. */
async function proven(
  bucket: Bucket,
  request: PutRequest,
  digest: Digest,
  answer: PutAnswer,
  checksumSent: boolean,
): Promise<StoredObject> {
  const { key, signal } = request;
  const proof = proofOf(bucket.capabilities, checksumSent);
  const etag = unquote(answer.etag);
  const stored = { key, etag, versionId: answer.versionId ?? null, proof, ...withoutMd5(digest) };
  const whole =
    proof === 'crc32'
      ? answer.crc32 === undefined || answer.crc32 === digest.crc32
      : proof === 'md5'
        ? etag === digest.md5
        : (await headObject(bucket, key, signal))?.ContentLength === digest.bytes;
  if (whole) return stored;
  await removeObject(bucket, key);
  throw new StorageError(
    'object_damaged',
    'The bucket stored other bytes than were sent; the object was removed.',
  );
}

function withoutMd5({ bytes, sha256, crc32 }: Digest) {
  return { bytes, sha256, crc32 };
}

/** Reads a small body of exactly the declared length into one buffer. Returns it with its digest. */
async function readWhole(bucket: Bucket, transfer: Transfer): Promise<[Buffer, Digest]> {
  const { source, length, maxBytes } = transfer;
  const { body, digest } = measure(source, { length, maxBytes, md5: needsMd5(bucket, true) });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return [chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), digest() as Digest];
}

function needsMd5({ capabilities }: Bucket, checksumSent: boolean): boolean {
  return proofOf(capabilities, checksumSent) === 'md5';
}
