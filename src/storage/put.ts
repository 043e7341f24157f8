import { Readable } from 'node:stream';
import {
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { StoredObject } from '../catalog/model.ts';
import { adoptObject, type Expected, findObject, headObject } from './adopt.ts';
import type { Bucket } from './bucket.ts';
import { isTaken, StorageError, storageError } from './errors.ts';
import { BodyError, type Digest, measure } from './measure.ts';
import { putMultipart } from './multipart.ts';
import { proofOf, unquote } from './probe.ts';
import { removeObject } from './remove.ts';

/** Up to this size a body is held in memory: it can be sent again, and its checksum goes ahead as a header. */
export const BUFFERED_BYTES = 1024 * 1024;
/** Up to this size a body goes in one streaming request; above it in parts. */
export const SINGLE_PUT_BYTES = 100 * 1024 * 1024;

/** Will a body of this length (null: unknown) be sent in parts? See `takePartSlot`. */
export function needsParts(length: number | null): boolean {
  return length === null || length > SINGLE_PUT_BYTES;
}

export interface PutRequest {
  key: string;
  /** Chunks must be `Buffer`s. It is read to its end or destroyed, whatever happens. */
  body: Readable | Buffer | AsyncIterable<Buffer>;
  /** The exact size in bytes, or null when nobody knows. */
  length: number | null;
  contentType: string;
  /** As `encodeMetadata` makes it: team and file id in it tell whose object it is. */
  metadata: Record<string, string>;
  /** More bytes than this are refused with `BodyError` `body_too_large`. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A request under way: its source, and the switch that ends whatever is being sent. */
export interface Transfer extends PutRequest {
  source: Readable;
  stop: AbortController;
}

/**
 * Stores a body under a key that must be free, and proves that the bucket has it whole. An object of ours that an
 * earlier attempt left under the key is checked and adopted. On failure nothing is left behind: no object, no parts.
 * Throws `BodyError` when the body breaks, stops short or runs over, and `StorageError` for the bucket's failures:
 * `object_conflict` when something else has the key (use another), `object_damaged`, `bucket_stalled`, ….
 */
export async function putObject(bucket: Bucket, request: PutRequest): Promise<StoredObject> {
  const { body, length, signal } = request;
  const source = body instanceof Readable ? body : Readable.from(body);
  // From here to its last byte a source may break at any moment; an unheard error would end the process.
  source.on('error', () => {});
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    const transfer = { ...request, source, stop };
    if (needsParts(length)) return await putMultipart(bucket, transfer);
    if ((length ?? 0) > BUFFERED_BYTES) return await putStream(bucket, transfer);
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
  const { capabilities } = bucket;
  const [bytes, digest] = await readWhole(bucket, transfer);
  const expected = { ...transfer, sha256: digest.sha256 };
  const earlier = await unprotected(bucket, expected);
  if (earlier) return earlier;
  // Sent again where nothing protects the key, it would become a second version.
  const client = capabilities.conditionalPut ? bucket.client : bucket.streams;
  const input = {
    ...putInput(bucket, transfer),
    Metadata: { ...transfer.metadata, sha256: digest.sha256 },
    Body: bytes,
    ContentLength: bytes.length,
    ...(capabilities.checksums && { ChecksumAlgorithm: 'CRC32' as const, ChecksumCRC32: digest.crc32 }),
  };
  try {
    const command = signedWith(new PutObjectCommand(input), digest.sha256);
    const answer = await client.send(command, { abortSignal: transfer.stop.signal });
    return await proven(bucket, transfer, digest, answer, true);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await adoptObject(bucket, expected);
  }
}

/**
 * One streaming request. The SDK passes a failing body on to nobody: with a checksum trailer the process would die
 * of an unheard error, without one the request would hang. So a failing source first aborts the request, and its
 * body is then destroyed without an error.
 */
async function putStream(bucket: Bucket, transfer: Transfer): Promise<StoredObject> {
  const { source, stop, length, maxBytes } = transfer;
  const { trailers } = bucket.capabilities;
  const earlier = await unprotected(bucket, transfer);
  if (earlier) return earlier;
  let broken: BodyError | null = null;
  const onFailure = (error: BodyError) => {
    broken = error;
    stop.abort();
  };
  const measured = measure(source, { length, maxBytes, md5: needsMd5(bucket, trailers), onFailure });
  const input = {
    ...putInput(bucket, transfer),
    Body: measured.body,
    ContentLength: length ?? undefined,
    ...(trailers && { ChecksumAlgorithm: 'CRC32' as const }),
  };
  try {
    const answer = await bucket.streams.send(new PutObjectCommand(input), { abortSignal: stop.signal });
    const digest = measured.digest();
    if (!digest) throw new StorageError('bucket_failed', 'The bucket answered before it had all bytes.');
    return await proven(bucket, transfer, digest, answer, trailers);
  } catch (error) {
    // After an early answer the request still waits for its body: closing it frees the connection.
    stop.abort();
    measured.body.destroy();
    if (broken) throw broken;
    if (!isTaken(error)) throw error;
    return await adoptObject(bucket, transfer);
  }
}

/** The signature covers the bytes by their SHA-256; it is known here, so the SDK need not take it once more. */
function signedWith(command: PutObjectCommand, sha256: string): PutObjectCommand {
  command.middlewareStack.add(
    (next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
      return next(call);
    },
    { step: 'build', name: 'knownPayloadHash' },
  );
  return command;
}

/** Where the store would overwrite an object without a word, its key is looked at first. */
async function unprotected(bucket: Bucket, expected: Expected): Promise<StoredObject | null> {
  return bucket.capabilities.conditionalPut ? null : findObject(bucket, expected);
}

function putInput(bucket: Bucket, request: PutRequest): PutObjectCommandInput {
  return {
    Bucket: bucket.name,
    Key: request.key,
    ContentType: request.contentType,
    Metadata: request.metadata,
    ...(bucket.capabilities.conditionalPut && { IfNoneMatch: '*' }),
  };
}

/** Holds the bucket's answer against what was sent; a mismatch removes the object and throws `object_damaged`. */
async function proven(
  bucket: Bucket,
  request: PutRequest,
  digest: Digest,
  answer: PutObjectCommandOutput,
  checksumSent: boolean,
): Promise<StoredObject> {
  const { key, signal } = request;
  const proof = proofOf(bucket.capabilities, checksumSent);
  const etag = unquote(answer.ETag);
  const stored = { key, etag, versionId: answer.VersionId ?? null, proof, ...withoutMd5(digest) };
  const whole =
    proof === 'crc32'
      ? answer.ChecksumCRC32 === undefined || answer.ChecksumCRC32 === digest.crc32
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

/** A small body of exactly the declared length, in one buffer, and its digest. */
function readWhole(bucket: Bucket, transfer: Transfer): Promise<[Buffer, Digest]> {
  const { source, stop, length, maxBytes } = transfer;
  return new Promise((resolve, reject) => {
    const md5 = needsMd5(bucket, true);
    const { body, digest } = measure(source, { length, maxBytes, md5, onFailure: reject });
    const chunks: Buffer[] = [];
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
    body.on('data', (chunk: Buffer) => chunks.push(chunk));
    body.on('end', () => resolve([Buffer.concat(chunks), digest() as Digest]));
  });
}

function needsMd5({ capabilities }: Bucket, checksumSent: boolean): boolean {
  return proofOf(capabilities, checksumSent) === 'md5';
}
