import { Readable } from 'node:stream';
import {
  type CompleteMultipartUploadCommandOutput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Bucket } from './bucket.ts';
import { BodyError } from './measure.ts';
import { DISPOSITION, withBody } from './metadata.ts';
import { PART_BYTES } from './part-etag.ts';
import { contentTypeOf } from './put-whole.ts';
import type { Transfer } from './transfer.ts';

/** Parts stay in memory while they are sent: about three part sizes for each upload. */
export const PARTS_AT_ONCE = 2;

/**
 * True when an upload has shown that this store takes the CRC-32 of every part, and tells that of the whole object: then
 * the AWS SDK's own uploader does the rest. It cannot try anything more simply, as it sends each part only in one form.
 */
export function isForLibrary({ capabilities }: Bucket): boolean {
  return capabilities.parts === 'full' && capabilities.tellsWhole === true;
}

/** Sends a body in parts with lib-storage. Throws what the SDK throws, or what broke the body. */
export async function sendByLibrary(
  bucket: Bucket,
  transfer: Transfer,
  chunks: AsyncIterable<Buffer>,
): Promise<CompleteMultipartUploadCommandOutput> {
  const { key, stop, length } = transfer;
  const body = Readable.from(chunks, { objectMode: false });
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
      ContentType: contentTypeOf(transfer),
      ContentDisposition: DISPOSITION,
      Metadata: withBody(transfer.metadata, { length }),
      ...{ ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' },
      ...(bucket.capabilities.conditionalPut && { IfNoneMatch: '*' }),
    },
  });
  try {
    return (await upload.done()) as CompleteMultipartUploadCommandOutput;
  } catch (error) {
    stop.abort();
    // The SDK may report its own failed abort instead of this error.
    throw broken ?? error;
  }
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
