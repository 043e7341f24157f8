import { crc32 } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Stage } from '../stage.ts';
import type { Asked } from './ask.ts';

/** A CRC-32 as S3 writes it. */
export function sumOf(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

/** Where something of this name stands in the rehearsal's prefix. */
export const at = ({ bucket, prefix }: Stage, name: string) => ({
  Bucket: bucket.name,
  Key: `${prefix}${name}`,
});

/** What stores say that do not take a checksum. */
const NO_SUMS = new Set([400, 403, 501]);

/**
 * Writes an object as the vault does: with a checksum, which a bucket that retains everything wants, and without one
 * where the store takes none. With a checksum in `more`, it is written once and in no other way.
 */
export async function put(
  stage: Stage,
  name: string,
  bytes: Buffer,
  more: { ContentType?: string; IfNoneMatch?: string; ChecksumCRC32?: string; ContentMD5?: string } = {},
): Promise<Asked> {
  const object = {
    ...at(stage, name),
    ...{ Body: bytes, ContentLength: bytes.length, ContentType: 'application/octet-stream' },
    Metadata: { rehearsal: 'yes' },
    ...more,
  };
  const send = (sum: object) => stage.ask(new PutObjectCommand({ ...object, ...sum }));
  if (more.ChecksumCRC32 !== undefined || more.ContentMD5 !== undefined) return send({});
  const asked = await send({ ChecksumCRC32: sumOf(bytes) });
  return asked.output === null && NO_SUMS.has(Number(asked.sight.status)) ? send({}) : asked;
}
