import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';
import { PART_SUMS, type PartSum } from './capabilities.ts';
import { statusOf } from './errors.ts';
import { abortUpload } from './leftovers.ts';
import { crc32Of } from './measure.ts';
import { DISPOSITION } from './metadata.ts';
import { createPartEtag, type PartEtag } from './part-etag.ts';
import type { Piece } from './pieces.ts';
import { md5Of } from './probe-bytes.ts';
import { ANY_TYPE, contentTypeOf } from './put-whole.ts';
import type { Transfer } from './transfer.ts';

/** An upload in parts under way. */
export interface PartUpload {
  sum: PartSum;
  /** Has the store told the right CRC-32 of every part so far? */
  isEchoed(): boolean;
  /** The CRC-32 of the parts' CRC-32s, in base64: S3's COMPOSITE checksum, without the number of parts. */
  composite(): string;
  /** What the ETag is where it is made of the parts' MD5s; null when they were not taken. */
  etag(): string | null;
  send(piece: Piece): Promise<void>;
  complete(): Promise<CompleteMultipartUploadCommandOutput>;
}

/**
 * Begins an upload with its first part, which is still in memory: so what the store refuses can be tried more simply.
 * Which checksums it takes is remembered while the bucket is open. Throws the failure of the simplest form.
 */
export async function beginUpload(bucket: Bucket, transfer: Transfer, first: Piece): Promise<PartUpload> {
  const { capabilities } = bucket;
  const sums = PART_SUMS.slice(
    PART_SUMS.indexOf(capabilities.checksums ? (capabilities.parts ?? 'full') : 'md5'),
  );
  let isCertain = true;
  for (const [index, sum] of sums.entries()) {
    let id: string | undefined;
    try {
      id = await create(bucket, transfer, sum);
      const upload = uploadWith(bucket, transfer, { id, sum });
      await upload.send(first);
      if (isCertain) capabilities.parts = sum;
      return upload;
    } catch (error) {
      if (id !== undefined) await abortUpload(bucket, transfer.key, id).catch(() => {});
      const status = statusOf(error);
      const isBusy = status === null || status === 429 || status === 503 || status === 404;
      if (isBusy || transfer.stop.signal.aborted || index === sums.length - 1) throw error;
      // A server's own failure may pass. Then the richer form is tried again the next time.
      if (status >= 500 && status !== 501) isCertain = false;
    }
  }
  throw new TypeError('The simplest form neither worked nor failed.');
}

/** Runs to its end, even when the transfer is stopped: otherwise nobody could find the upload and abort it. */
async function create({ client, name: Bucket }: Bucket, transfer: Transfer, sum: PartSum): Promise<string> {
  const { key: Key, metadata: Metadata } = transfer;
  const type = { full: 'FULL_OBJECT', composite: 'COMPOSITE', md5: undefined, none: undefined } as const;
  const send = (ContentType: string) =>
    client.send(
      new CreateMultipartUploadCommand({
        ...{ Bucket, Key, Metadata, ContentType, ContentDisposition: DISPOSITION },
        ...(type[sum] && { ChecksumAlgorithm: 'CRC32', ChecksumType: type[sum] }),
      }),
    );
  const { UploadId } = await send(contentTypeOf(transfer)).catch((error) => {
    if (statusOf(error) !== 415) throw error;
    return send(ANY_TYPE);
  });
  if (UploadId === undefined) throw new TypeError('The store began an upload without an id.');
  return UploadId;
}

function uploadWith(
  bucket: Bucket,
  { key: Key, stop }: Transfer,
  { id: UploadId, sum }: { id: string; sum: PartSum },
): PartUpload {
  const { client, name: Bucket } = bucket;
  const hasCrc32 = sum === 'full' || sum === 'composite';
  const parts: Array<CompletedPart & { ChecksumCRC32: string }> = [];
  let isEchoed = hasCrc32;
  let partEtag: PartEtag | null = hasCrc32 ? null : createPartEtag();

  return {
    ...{ sum, isEchoed: () => isEchoed },
    etag: () => partEtag?.etag() ?? null,
    composite: () => crc32Of(Buffer.concat(parts.map((part) => Buffer.from(part.ChecksumCRC32, 'base64')))),
    async send({ number, bytes }) {
      const crc32 = crc32Of(bytes);
      partEtag?.add(bytes);
      const part = {
        ...{ Bucket, Key, UploadId, PartNumber: number, Body: bytes, ContentLength: bytes.length },
        ...(hasCrc32 && { ChecksumAlgorithm: 'CRC32' as const, ChecksumCRC32: crc32 }),
        ...(sum === 'md5' && { ContentMD5: Buffer.from(md5Of(bytes), 'hex').toString('base64') }),
      };
      const answer = await client.send(new UploadPartCommand(part), { abortSignal: stop.signal });
      parts[number - 1] = { PartNumber: number, ETag: answer.ETag, ChecksumCRC32: crc32 };
      isEchoed &&= answer.ChecksumCRC32 === crc32;
      if (isEchoed || partEtag !== null || number > 1) return;
      // The store does not say what it compared, so the MD5s are taken, too.
      partEtag = createPartEtag();
      partEtag.add(bytes);
    },
    async complete() {
      const { conditionalPut } = bucket.capabilities;
      const send = (withSums: boolean, IfNoneMatch: '*' | undefined) => {
        const Parts = parts.map(({ ChecksumCRC32, ...part }) =>
          withSums ? { ...part, ChecksumCRC32 } : part,
        );
        const type = withSums && sum === 'full' ? { ChecksumType: 'FULL_OBJECT' as const } : {};
        const input = { Bucket, Key, UploadId, IfNoneMatch, MultipartUpload: { Parts }, ...type };
        return client.send(new CompleteMultipartUploadCommand(input));
      };
      const condition = conditionalPut ? '*' : undefined;
      try {
        return await send(hasCrc32, condition).catch((error) => {
          if (!hasCrc32 || !isRefusal(error)) throw error;
          return send(false, condition);
        });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // All parts are there, and nothing else had the key when they began. Only the condition may be too much.
        const simpler = condition && statusOf(error) !== 403 ? send(false, undefined) : Promise.reject(error);
        return await simpler.catch((last) => {
          // Want of rights says nothing about the form.
          if (statusOf(last) !== 403)
            bucket.capabilities.parts = PART_SUMS[PART_SUMS.indexOf(sum) + 1] ?? 'none';
          throw last;
        });
      }
    },
  };
}

/** Did the store say no, as it will the next time? */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return (status >= 400 && status < 500 && ![404, 408, 409, 412, 429].includes(status)) || status === 501;
}
