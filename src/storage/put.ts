import { Readable } from 'node:stream';
import type { StoredObject } from '../catalog/model.ts';
import { adoptObject } from './adopt.ts';
import { createFrame } from './aws-chunked.ts';
import type { Bucket } from './bucket.ts';
import { proofOf, sumOfWhole } from './capabilities.ts';
import { isTaken, StorageError, storageError } from './errors.ts';
import { BodyError, type Digest, measure } from './measure.ts';
import { withBody } from './metadata.ts';
import { putMultipart } from './multipart.ts';
import { proven, putHeaders, putWhole, unprotected } from './put-whole.ts';
import { streamShape } from './send-put.ts';
import type { PutRequest, Transfer } from './transfer.ts';

/**
 * Up to this size, a body is held in memory. So it can be sent again, its checksum goes in a header, and its SHA-256
 * goes into the metadata. For a larger body, streaming is cheaper.
 */
export const BUFFERED_BYTES = 64 * 1024;

/** Is a body of this length (null: unknown) sent in parts? See `inPartSlot`. */
export function needsParts({ singlePutBytes, capabilities }: Bucket, length: number | null): boolean {
  return length === null || length > (capabilities.wholeOnly ? BUFFERED_BYTES : singlePutBytes);
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
    const inMemory = Buffer.isBuffer(body) && length !== null && length <= bucket.singlePutBytes;
    if (!inMemory && needsParts(bucket, length)) return await putMultipart(bucket, transfer);
    if (!inMemory && length !== null && length > BUFFERED_BYTES)
      return await putStream(bucket, transfer, length);
    const [bytes, digest] = await readWhole(bucket, transfer);
    return await putWhole(bucket, transfer, bytes, digest);
  } catch (error) {
    if (signal?.aborted)
      throw new StorageError('aborted', 'The transfer to the bucket was stopped.', { cause: signal.reason });
    throw error instanceof BodyError ? error : storageError(error, bucket.place);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    source.destroy();
  }
}

/** One streaming request, which cannot be sent again. */
async function putStream(bucket: Bucket, transfer: Transfer, length: number): Promise<StoredObject> {
  const { source, stop, maxBytes, key } = transfer;
  const { capabilities } = bucket;
  const { trailers } = capabilities;
  const sent = trailers ? 'trailer' : null;
  const earlier = await unprotected(bucket, transfer);
  if (earlier) return earlier;
  const { body, digest } = measure(source, {
    ...{ length, maxBytes, md5: proofOf(capabilities, sent) === 'md5' },
    frame: trailers ? createFrame(length) : undefined,
  });
  const metadata = withBody(transfer.metadata, { length });
  try {
    const shape = streamShape(length, trailers);
    const headers = { ...putHeaders(bucket, { ...transfer, metadata }), ...shape.headers };
    const answer = await bucket.sendPut({ ...shape, key, headers, body, signal: stop.signal });
    const measured = digest();
    if (!measured) throw new StorageError('bucket_failed', 'The bucket answered before it had all bytes.');
    return await proven({ ...bucket, capabilities }, transfer, measured, answer, sent);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await adoptObject(bucket, { ...transfer, dropCutOff: true });
  }
}

/** Reads a small body of exactly the declared length into one buffer. Returns it with its digest. */
async function readWhole({ capabilities }: Bucket, transfer: Transfer): Promise<[Buffer, Digest]> {
  const { source, length, maxBytes } = transfer;
  const md5 = sumOfWhole(capabilities) === 'md5';
  const { body, digest } = measure(source, { length, maxBytes, md5 });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return [chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), digest() as Digest];
}
