import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

/**
 * Chunks shorter than this are joined before they go on. S3 refuses chunks under 8 KiB in aws-chunked bodies (all
 * but the last) and recommends 64 KiB; TLS records and HTTP framing produce shorter ones all the time.
 */
const MIN_CHUNK_BYTES = 64 * 1024;

/** What was counted and hashed on the way. */
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

/** The source gave the wrong number of bytes, or broke. `cause` is the source's own error. */
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
  /** Called once, before the body is torn down, when the source breaks, stops short or runs over. */
  onFailure: (error: BodyError) => void;
}

export interface Measured {
  /**
   * The same bytes in chunks of at least 64 KiB. It never emits `error`: the AWS SDK's own streams pass an error on to
   * nobody and kill the process, so a failure is told through `onFailure` and the body is just destroyed.
   */
  body: Readable;
  /** The result, once the source has ended with the right length; null before. */
  digest: () => Digest | null;
}

/**
 * Counts and hashes a source while it flows. Only short chunks are copied. The chunk that completes a declared
 * length is held back until the source has ended, so that a source that runs over never completes an object.
 */
export function measure(source: Readable, options: MeasureOptions): Measured {
  const { length, maxBytes = Number.POSITIVE_INFINITY } = options;
  const tally = createTally(options.md5 ?? false);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let finished: Digest | null = null;
  let over = false;

  const body = new Readable({
    highWaterMark: MIN_CHUNK_BYTES,
    read() {
      source.resume();
    },
    destroy(_error, done) {
      over = true;
      source.destroy();
      done(null);
    },
  });

  function fail(error: BodyError): void {
    if (over) return;
    over = true;
    options.onFailure(error);
    body.destroy();
  }

  function flush(): boolean {
    const chunk = held.length === 1 ? held[0] : Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    return body.push(chunk);
  }

  source.on('data', (chunk: Buffer) => {
    if (over) return;
    const bytes = tally.add(chunk);
    if (bytes > maxBytes) return fail(new BodyError('body_too_large', `More than ${maxBytes} bytes came.`));
    if (length !== null && bytes > length)
      return fail(new BodyError('body_long', `More than the declared ${length} bytes came.`));
    options.onChunk?.(chunk);
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= MIN_CHUNK_BYTES && bytes !== length && !flush()) source.pause();
  });
  source.on('end', () => {
    if (over) return;
    if (length !== null && tally.bytes() < length)
      return fail(new BodyError('body_short', `Only ${tally.bytes()} of ${length} bytes came.`));
    over = true;
    finished = tally.finish();
    if (heldBytes > 0) flush();
    body.push(null);
  });
  // Destroying a source half-way makes it emit an error of its own: the listener stays to the end.
  source.on('error', (cause) => fail(new BodyError('body_failed', 'The source broke off.', { cause })));
  source.on('close', () =>
    fail(new BodyError('body_failed', `The source closed after ${tally.bytes()} bytes.`)),
  );
  source.pause();
  if (source.destroyed && !source.readableEnded)
    queueMicrotask(() =>
      fail(new BodyError('body_failed', 'The source was closed.', { cause: source.errored })),
    );
  return { body, digest: () => finished };
}

/** The digest of bytes that are all at hand. */
export function measureBuffer(bytes: Buffer, md5 = false): Digest {
  const tally = createTally(md5);
  tally.add(bytes);
  return tally.finish();
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
      const big = Buffer.alloc(4);
      big.writeUInt32BE(crc);
      return {
        bytes: count,
        sha256: sha256.digest('hex'),
        crc32: big.toString('base64'),
        md5: md5?.digest('hex') ?? null,
      };
    },
  };
}
