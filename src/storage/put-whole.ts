import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { StoredObject } from '../catalog/model.ts';
import { type Expected, findObject, headObject } from './adopt.ts';
import { CRC32_TRAILER } from './aws-chunked.ts';
import type { Bucket } from './bucket.ts';
import { proofOf, type SumSent, sumOfWhole } from './capabilities.ts';
import { isTaken, StorageError, statusOf, storageError } from './errors.ts';
import { unquote } from './etag.ts';
import type { Digest } from './measure.ts';
import { DISPOSITION, withBody } from './metadata.ts';
import { removeObject } from './remove.ts';
import type { PutAnswer } from './send-put.ts';
import type { PutRequest, Transfer } from './transfer.ts';

/** For a type that the store does not take. */
export const ANY_TYPE = 'application/octet-stream';

/** Stores bytes that are in memory. Their SHA-256 goes into the metadata. `digest` has their MD5. */
export async function putWhole(
  bucket: Bucket,
  transfer: Transfer,
  bytes: Buffer,
  digest: Digest,
): Promise<StoredObject> {
  const { sha256 } = digest;
  const expected = { ...transfer, sha256 };
  const earlier = await unprotected(bucket, expected);
  if (earlier) return earlier;
  const metadata = withBody(transfer.metadata, { length: bytes.length, sha256 });
  const sum = sumOfWhole(bucket.capabilities);
  const sendAs = (contentType: string) =>
    sendWhole(bucket, { ...transfer, metadata, contentType }, { bytes, digest, sum });
  const send = async () => {
    const answer = await sendAs(transfer.contentType).catch((error) => {
      // A few servers examine the type, which comes from the uploader's program.
      if (statusOf(error) !== 415) throw error;
      return sendAs(ANY_TYPE);
    });
    return proven(bucket, transfer, digest, answer, sum);
  };
  try {
    return await send();
  } catch (error) {
    if (!isTaken(error)) throw error;
    // An object that was cut off is gone after this look.
    return (await findObject(bucket, { ...expected, dropCutOff: true })) ?? (await send());
  }
}

interface Whole {
  bytes: Buffer;
  digest: Digest;
  sum: 'header' | 'md5';
}

/**
 * After a failure, the SDK sends the bytes: it knows when to try again and how long to wait. This is not done when
 * nothing protects the key: sent again, the bytes would become a second version.
 */
async function sendWhole(
  bucket: Bucket,
  request: Transfer,
  { bytes, digest, sum }: Whole,
): Promise<PutAnswer> {
  const { conditionalPut } = bucket.capabilities;
  const { signal } = request.stop;
  const md5 = Buffer.from(digest.md5 ?? '', 'hex').toString('base64');
  try {
    return await bucket.sendPut({
      key: request.key,
      headers: {
        ...putHeaders(bucket, request),
        ...(sum === 'header' ? { [CRC32_TRAILER]: digest.crc32 } : { 'content-md5': md5 }),
      },
      ...{ body: bytes, length: bytes.length, payload: digest.sha256, signal },
    });
  } catch (error) {
    if (!conditionalPut || signal.aborted || isTaken(error) || statusOf(error) === 415) throw error;
    const input = {
      ...{ Bucket: bucket.name, Key: request.key, ContentType: contentTypeOf(request) },
      ContentDisposition: DISPOSITION,
      ...{ Metadata: request.metadata, IfNoneMatch: '*', Body: bytes, ContentLength: bytes.length },
      ...(sum === 'header'
        ? { ChecksumAlgorithm: 'CRC32' as const, ChecksumCRC32: digest.crc32 }
        : { ContentMD5: md5 }),
    };
    const answer = await bucket.client.send(new PutObjectCommand(input), { abortSignal: signal });
    return { etag: answer.ETag, versionId: answer.VersionId, crc32: answer.ChecksumCRC32 };
  }
}

/** If the store would silently overwrite an object, the key is checked first. */
export async function unprotected(bucket: Bucket, expected: Expected): Promise<StoredObject | null> {
  return bucket.capabilities.conditionalPut ? null : findObject(bucket, { ...expected, dropCutOff: true });
}

/** Headers that every put of a file has. */
export function putHeaders(bucket: Bucket, request: PutRequest): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': contentTypeOf(request),
    'content-disposition': DISPOSITION,
  };
  if (bucket.capabilities.conditionalPut) headers['if-none-match'] = '*';
  for (const [field, value] of Object.entries(request.metadata)) headers[`x-amz-meta-${field}`] = value;
  return headers;
}

/** The type comes from the uploader's program. A type that no header can hold is not used. */
export function contentTypeOf({ contentType }: Pick<PutRequest, 'contentType'>): string {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(contentType) ? contentType : ANY_TYPE;
}

/** Compares the bucket's answer with what was sent. If they differ, removes the object and throws `object_damaged`. */
export async function proven(
  bucket: Bucket,
  request: PutRequest,
  digest: Digest,
  answer: PutAnswer,
  sent: SumSent,
): Promise<StoredObject> {
  const { key, signal } = request;
  const { etagIsMd5 } = bucket.capabilities;
  const { bytes, sha256, crc32, md5 } = digest;
  const proof = proofOf(bucket.capabilities, sent);
  const etag = unquote(answer.etag);
  const whole =
    proof === 'crc32'
      ? answer.crc32 === undefined || answer.crc32 === crc32
      : proof === 'md5'
        ? // Otherwise the store itself has compared the bytes with their MD5.
          !etagIsMd5 || etag === md5
        : (await headObject(bucket, key, signal))?.ContentLength === bytes;
  if (!whole) throw await damaged(bucket, key);
  return { key, etag, versionId: answer.versionId ?? null, proof, bytes, sha256, crc32 };
}

/** Removes an object whose bytes are not those that were sent. Returns the error to throw. */
export async function damaged(bucket: Bucket, key: string): Promise<StorageError> {
  try {
    await removeObject(bucket, key);
    return new StorageError(
      'object_damaged',
      'The bucket stored other bytes than were sent; the object was removed.',
    );
  } catch (error) {
    const { code } = storageError(error, bucket.place);
    return new StorageError(
      'object_conflict',
      `The bucket stored other bytes than were sent, and the object cannot be removed (${code}); another key is used.`,
      { cause: error },
    );
  }
}
