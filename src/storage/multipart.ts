import type { CompleteMultipartUploadCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Proof, StoredObject } from '../catalog/model.ts';
import { adoptObject, findObject, headObject } from './adopt.ts';
import type { Bucket } from './bucket.ts';
import { isTaken, StorageError, statusOf } from './errors.ts';
import { unquote } from './etag.ts';
import { abortLeftovers } from './leftovers.ts';
import { type Digest, measure } from './measure.ts';
import { withBody } from './metadata.ts';
import { PART_BYTES } from './part-etag.ts';
import { isForLibrary, PARTS_AT_ONCE, sendByLibrary } from './part-library.ts';
import { beginUpload, type PartUpload } from './part-upload.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { md5Of } from './probe-bytes.ts';
import { damaged, putWhole } from './put-whole.ts';
import type { Transfer } from './transfer.ts';

/**
 * Stores a long body, or one of unknown length, in parts. The parts become an object only at the end, after the length
 * has been checked. Then the object is checked once more. A body that fits into one part is one ordinary put. Errors as
 * in `putObject`.
 *
 * What each part is compared with, the best that the store takes: its CRC-32, and that of the whole object (`full`);
 * its CRC-32, and one of the parts' CRC-32s (`composite`: Cloudflare R2 has no other); its MD5. The first upload finds
 * that out. Where it is `full`, later ones go through the SDK's own uploader.
 */
export async function putMultipart(bucket: Bucket, transfer: Transfer): Promise<StoredObject> {
  const { key, source, length, maxBytes, signal } = transfer;
  const expected = { ...transfer, dropCutOff: true };
  const earlier = await findObject(bucket, expected);
  if (earlier) return earlier;
  await abortLeftovers(bucket, key, signal);

  const measured = measure(source, { length, maxBytes });
  const pieces = piecesOf(measured.body, PART_BYTES);
  const first = (await pieces.next()).value as Piece;
  if (first.isLast) {
    const digest = { ...(measured.digest() as Digest), md5: md5Of(first.bytes) };
    return putWhole(bucket, transfer, first.bytes, digest);
  }
  const metadata = withBody(transfer.metadata, { length });
  try {
    const { upload, answer } = isForLibrary(bucket)
      ? { upload: BY_LIBRARY, answer: await sendByLibrary(bucket, transfer, bytesOf(first, pieces)) }
      : await sendOurselves(bucket, { ...transfer, metadata }, first, pieces);
    // If the answer to the upload's creation was lost, the SDK has made a second upload. The first is still there.
    await abortLeftovers(bucket, key).catch(() => {});
    return await proven(bucket, transfer, { upload, answer, digest: measured.digest() });
  } catch (error) {
    // An abort may fail, and a request that was just cut off may still register a part. If the store is away, uploads
    // may remain; they are aborted before the next attempt.
    await abortLeftovers(bucket, key).catch(() => {});
    // If the store refused the SDK's way, the next attempt finds out anew what it takes.
    bucket.capabilities.tellsWhole &&= statusOf(error) === null || isTaken(error);
    if (isTaken(error)) return await adoptObject(bucket, expected);
    // The upload is gone: it was completed, and the answer to that was lost.
    const found = statusOf(error) === 404 ? await findObject(bucket, expected) : null;
    if (found) return found;
    throw error;
  }
}

async function sendOurselves(
  bucket: Bucket,
  transfer: Transfer,
  first: Piece,
  pieces: AsyncGenerator<Piece, void>,
) {
  const upload = await beginUpload(bucket, transfer, first);
  await sendRest(upload, pieces, transfer.stop);
  return { upload, answer: await upload.complete() };
}

/** Nothing is known of the single parts: the store's checksum of the whole is the proof. */
const BY_LIBRARY: Proving = { sum: 'full', isEchoed: () => false, composite: () => '', etag: () => null };

async function* bytesOf(first: Piece, rest: AsyncGenerator<Piece, void>): AsyncGenerator<Buffer> {
  yield first.bytes;
  for await (const { bytes } of rest) yield bytes;
}

/** Sends the parts after the first, a few at once. After a failure it reads no further. */
async function sendRest(
  upload: PartUpload,
  pieces: AsyncGenerator<Piece, void>,
  stop: AbortController,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  try {
    for await (const piece of pieces) {
      const sent = upload.send(piece).then(() => void underWay.delete(sent));
      // It is awaited below; a failure meanwhile must not end the process.
      sent.catch(() => {});
      underWay.add(sent);
      if (underWay.size >= PARTS_AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(underWay);
    throw error;
  }
}

/** What an upload knows that helps to prove its object. */
type Proving = Pick<PartUpload, 'sum' | 'isEchoed' | 'composite' | 'etag'>;

interface Sent {
  upload: Proving;
  answer: CompleteMultipartUploadCommandOutput;
  digest: Digest | null;
}

async function proven(bucket: Bucket, { key, signal }: Transfer, sent: Sent): Promise<StoredObject> {
  const { digest } = sent;
  if (!digest) throw new StorageError('bucket_failed', 'The bucket answered before it had all bytes.');
  const head = await headObject(bucket, key, signal);
  const proof = head?.ContentLength === digest.bytes ? proofOfParts(bucket, head, { ...sent, digest }) : null;
  if (!head || !proof) throw await damaged(bucket, key);
  const { bytes, sha256, crc32 } = digest;
  return { key, bytes, sha256, crc32, etag: unquote(head.ETag), versionId: head.VersionId ?? null, proof };
}

/** What proves the object; null when the store's checksum of the whole is that of other bytes. */
function proofOfParts(
  bucket: Bucket,
  head: HeadObjectCommandOutput,
  { upload, answer, digest }: Sent & { digest: Digest },
): Proof | null {
  const { ChecksumCRC32: told, ChecksumType: type } = head.ChecksumCRC32 === undefined ? answer : head;
  if (told !== undefined) {
    const [sum, parts] = told.split('-');
    if (sum === digest.crc32 && head.ChecksumCRC32 !== undefined) bucket.capabilities.tellsWhole = true;
    if (sum === digest.crc32 || sum === upload.composite()) return 'crc32';
    if (type !== 'COMPOSITE' && parts === undefined) return null;
  }
  if (upload.isEchoed()) return 'crc32';
  // Not every store makes its ETags and its composite checksums in this way. So a different one proves nothing.
  if (upload.etag() === unquote(head.ETag)) return 'md5';
  return upload.sum === 'md5' && bucket.capabilities.md5Checked ? 'md5' : 'size';
}
