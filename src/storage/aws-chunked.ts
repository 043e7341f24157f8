/**
 * The body of a request whose checksum follows the bytes (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`). The bytes come in
 * chunks, each after its length in hex. A trailer with their CRC-32 ends the body.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * The SDK can do this too. But with the SDK a failing source ends the process, and the body is sent without its
 * length, which several stores refuse. With chunks of one size, the length is known before the first byte, and no
 * bytes are copied.
 */

/** S3 requires at least 8 KiB and advises 64 KiB or more. Some stores accept at most 16 MiB. */
const CHUNK_BYTES = 1024 * 1024;

/** S3's name for this encoding. S3 does not keep the name with the object. */
export const AWS_CHUNKED = 'aws-chunked';
export const CRC32_TRAILER = 'x-amz-checksum-crc32';
const TRAILER_BYTES = `${CRC32_TRAILER}:AAAAAA==\r\n\r\n`.length;

/** How long a body of `bytes` bytes is when it is sent, in bytes. */
export function framedLength(bytes: number): number {
  const whole = Math.floor(bytes / CHUNK_BYTES);
  return whole * chunkLength(CHUNK_BYTES) + chunkLength(bytes % CHUNK_BYTES) + '0\r\n'.length + TRAILER_BYTES;
}

function chunkLength(bytes: number): number {
  return bytes === 0 ? 0 : bytes.toString(16).length + bytes + 4;
}

export interface Frame {
  /** What to send for these bytes. They are passed on and not copied. */
  add(bytes: Buffer): Buffer[];
  /** What to send after the last byte. `crc32` is the checksum of all bytes, in base64. */
  end(crc32: string): Buffer;
}

/** Frames a body of exactly `bytes` bytes, piece by piece. */
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
          // Each chunk is followed by a line break, so the chunk before ends here.
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
