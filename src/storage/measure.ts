import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { Frame } from './aws-chunked.ts';

/** The number of bytes and their hashes. */
export interface Digest {
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Base64 of the big-endian CRC-32, S3's own notation. */
  crc32: string;
  /** Hex; null when it was not asked for. */
  md5: string | null;
}

export type BodyErrorCode = 'body_short' | 'body_long' | 'body_too_large' | 'body_failed';

/** The source gave the wrong number of bytes, or it broke. `cause` is the source's own error. */
export class BodyError extends Error {
  readonly code: BodyErrorCode;

  constructor(code: BodyErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'BodyError';
    this.code = code;
  }
}

export interface MeasureOptions {
  /** The exact number of bytes that must come; null when nobody knows. */
  length: number | null;
  /** More bytes than this are refused, whatever was declared. */
  maxBytes?: number | undefined;
  md5?: boolean | undefined;
  /** Sees each chunk as it comes, before it goes on. */
  onChunk?: ((chunk: Buffer) => void) | undefined;
  /** Brings the body into the form in which it is sent. */
  frame?: Frame | undefined;
}

export interface Measured {
  /** The same bytes, framed if `frame` is given. Throws `BodyError` if the source breaks, is too short or too long. */
  body: AsyncGenerator<Buffer, void>;
  /** The result; null until the source has ended with the right length. */
  digest: () => Digest | null;
}

/**
 * Counts and hashes a source while it flows; nothing is copied. The chunk that completes the declared length is held
 * back until the source ends. So a source that is too long never completes an object.
 */
export function measure(source: Readable, options: MeasureOptions): Measured {
  const { length, frame, onChunk, maxBytes = Number.POSITIVE_INFINITY } = options;
  const tally = createTally(options.md5 ?? false);
  let digest: Digest | null = null;

  async function* flow(): AsyncGenerator<Buffer, void> {
    let last: Buffer | null = null;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        if (chunk.length === 0) continue;
        const bytes = tally.add(chunk);
        if (bytes > maxBytes) throw new BodyError('body_too_large', `More than ${maxBytes} bytes came.`);
        if (length !== null && bytes > length)
          throw new BodyError('body_long', `More than the declared ${length} bytes came.`);
        onChunk?.(chunk);
        if (bytes === length) last = chunk;
        else if (frame) for (const piece of frame.add(chunk)) yield piece;
        else yield chunk;
      }
    } catch (cause) {
      throw cause instanceof BodyError
        ? cause
        : new BodyError('body_failed', 'The source broke off.', { cause });
    }
    if (length !== null && tally.bytes() < length)
      throw new BodyError('body_short', `Only ${tally.bytes()} of ${length} bytes came.`);
    digest = tally.finish();
    if (frame) for (const piece of [...(last ? frame.add(last) : []), frame.end(digest.crc32)]) yield piece;
    else if (last) yield last;
  }
  return { body: flow(), digest: () => digest };
}

/** The digest of a buffer. */
export function measureBuffer(bytes: Buffer, md5 = false): Digest {
  const tally = createTally(md5);
  tally.add(bytes);
  return tally.finish();
}

/** The CRC-32 of bytes, in S3's notation. */
export function crc32Of(bytes: Buffer): string {
  return inBase64(crc32(bytes));
}

function inBase64(crc: number): string {
  const big = Buffer.alloc(4);
  big.writeUInt32BE(crc);
  return big.toString('base64');
}

/** Reads a source to its end and throws the bytes away; rejects with `BodyError` when it breaks. */
export async function measureAll(
  source: Readable,
  md5 = false,
  onChunk?: (chunk: Buffer) => void,
): Promise<Digest> {
  const tally = createTally(md5);
  try {
    for await (const chunk of source) {
      tally.add(chunk);
      onChunk?.(chunk);
    }
  } catch (cause) {
    throw new BodyError('body_failed', 'The source broke off.', { cause });
  }
  return tally.finish();
}

function createTally(withMd5: boolean) {
  const sha256 = createHash('sha256');
  const md5 = withMd5 ? createHash('md5') : null;
  let crc = 0;
  let count = 0;
  return {
    /** Takes a chunk; returns the bytes so far. */
    add(chunk: Buffer): number {
      sha256.update(chunk);
      md5?.update(chunk);
      crc = crc32(chunk, crc);
      count += chunk.length;
      return count;
    },
    bytes: () => count,
    finish(): Digest {
      return {
        bytes: count,
        sha256: sha256.digest('hex'),
        crc32: inBase64(crc),
        md5: md5?.digest('hex') ?? null,
      };
    },
  };
}
