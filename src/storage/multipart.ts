import { Readable } from 'node:stream';
import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { StoredObject } from '../catalog/model.ts';
import { adoptObject, findObject, headObject } from './adopt.ts';
import type { Bucket } from './bucket.ts';
import { isTaken, StorageError } from './errors.ts';
import { abortLeftovers } from './leftovers.ts';
import { BodyError, measure } from './measure.ts';
import { DISPOSITION } from './metadata.ts';
import { createPartEtag, PART_BYTES } from './part-etag.ts';
import { unquote } from './probe.ts';
import { removeObject } from './remove.ts';
import type { Transfer } from './transfer.ts';

/** Parts stay in memory while they are sent: about three part sizes for each upload. */
const PARTS_AT_ONCE = 2;

/**
 * Stores a long body, or one of unknown length, in parts. The parts become an object only at the end, after the length
 * has been checked. Then the object is checked once more. Errors as in `putObject`.
 */
export async function putMultipart(bucket: Bucket, transfer: Transfer): Promise<StoredObject> {
  const { key, source, stop, length, maxBytes, signal } = transfer;
  const earlier = await findObject(bucket, transfer);
  if (earlier) return earlier;
  await abortLeftovers(bucket, key, signal);

  const { checksums, conditionalPut, etagIsMd5 } = bucket.capabilities;
  const partEtag = !checksums && etagIsMd5 ? createPartEtag() : null;
  const measured = measure(source, { length, maxBytes, onChunk: partEtag?.add });
  const body = Readable.from(measured.body, { objectMode: false });
  let broken: unknown = null;
  body.on('error', (error) => {
    broken = error instanceof BodyError ? error : null;
  });
  stop.signal.addEventListener('abort', () => body.destroy());
  const upload = new Upload({
    client: withSignal(bucket.client, stop.signal),
    queueSize: PARTS_AT_ONCE,
    partSize: PART_BYTES,
    leavePartsOnError: false,
    params: {
      Bucket: bucket.name,
      Key: key,
      Body: body,
      ContentType: transfer.contentType,
      ContentDisposition: DISPOSITION,
      Metadata: transfer.metadata,
      ...(checksums && { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
      ...(conditionalPut && { IfNoneMatch: '*' }),
    },
  });
  try {
    await upload.done();
    // If the answer to the upload's creation was lost, the SDK has made a second upload. The first is still there.
    await abortLeftovers(bucket, key).catch(() => {});
  } catch (error) {
    stop.abort();
    // An abort may fail, and a request that was just cut off may still register a part. If the store is away, uploads
    // may remain; they are aborted before the next attempt.
    await abortLeftovers(bucket, key).catch(() => {});
    // The SDK may report its own failed abort instead of this error.
    if (broken) throw broken;
    if (isTaken(error)) return await adoptObject(bucket, transfer);
    throw error;
  }

  const digest = measured.digest();
  const head = await headObject(bucket, key, signal);
  const sum = head?.ChecksumType === 'COMPOSITE' ? undefined : head?.ChecksumCRC32;
  if (
    !digest ||
    !head ||
    head.ContentLength !== digest.bytes ||
    (sum !== undefined && sum !== digest.crc32)
  ) {
    await removeObject(bucket, key);
    throw new StorageError(
      'object_damaged',
      'The bucket stored other bytes than were sent; the object was removed.',
    );
  }
  const etag = unquote(head.ETag);
  const { bytes, sha256, crc32 } = digest;
  // Not every store makes its ETags this way. So a different ETag proves nothing.
  const proof = sum !== undefined ? 'crc32' : partEtag?.etag() === etag ? 'md5' : 'size';
  return { key, bytes, sha256, crc32, etag, versionId: head.VersionId ?? null, proof };
}

/**
 * lib-storage takes no signal for its requests. This client stops the sending of parts. The short calls run to their
 * end: if the creation of an upload were cut off, nobody could find the upload and abort it.
 */
function withSignal(client: S3Client, abortSignal: AbortSignal): S3Client {
  const send = (command: Parameters<S3Client['send']>[0]) =>
    client.send(command, command instanceof UploadPartCommand ? { abortSignal } : {});
  return Object.create(client, { send: { value: send } });
}
