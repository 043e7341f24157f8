/**
 * The body of a request whose checksum follows the bytes (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`): the bytes in chunks,
 * each after its length in hex, and at the end a trailer with their CRC-32.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * The SDK can do this too, but lets a failing source end the process, and sends the body without its length, which
 * several stores refuse. Chunks of one size tell the length before the first byte is there, and need no copying.
 */

/** S3 wants at least 8 KiB, and 64 KiB or more is advised; some stores take no more than 16 MiB. */
const CHUNK_BYTES = 1024 * 1024;

/** What S3 calls this form; it leaves the name out of what it keeps of the object. */
export const AWS_CHUNKED = 'aws-chunked';
export const CRC32_TRAILER = 'x-amz-checksum-crc32';
const TRAILER_BYTES = `${CRC32_TRAILER}:AAAAAA==\r\n\r\n`.length;

/** What a body of so many bytes is on the wire, in bytes. */
export function framedLength(bytes: number): number {
  const whole = Math.floor(bytes / CHUNK_BYTES);
  return whole * chunkLength(CHUNK_BYTES) + chunkLength(bytes % CHUNK_BYTES) + '0\r\n'.length + TRAILER_BYTES;
}

function chunkLength(bytes: number): number {
  return bytes === 0 ? 0 : bytes.toString(16).length + bytes + 4;
}

export interface Frame {
  /** What to send for these bytes, which are passed on and not copied. */
  add(bytes: Buffer): Buffer[];
  /** What to send when all bytes have been added; `crc32` is theirs, in base64. */
  end(crc32: string): Buffer;
}

/** Frames a body of exactly so many bytes, piece by piece. */
export function createFrame(bytes: number): Frame {
  let left = bytes;
  let leftInChunk = 0;
  return {
    add(piece) {
      const out: Buffer[] = [];
      let rest = piece;
      while (rest.length > 0) {
        if (leftInChunk === 0) {
          leftInChunk = Math.min(CHUNK_BYTES, left);
          // The line before ends here: each chunk is followed by a line break.
          out.push(Buffer.from(`${left === bytes ? '' : '\r\n'}${leftInChunk.toString(16)}\r\n`, 'latin1'));
        }
        const now = rest.length > leftInChunk ? rest.subarray(0, leftInChunk) : rest;
        out.push(now);
        leftInChunk -= now.length;
        left -= now.length;
        rest = rest.subarray(now.length);
      }
      return out;
    },
    end: (crc32) =>
      Buffer.from(`${bytes === 0 ? '' : '\r\n'}0\r\n${CRC32_TRAILER}:${crc32}\r\n\r\n`, 'latin1'),
  };
}
