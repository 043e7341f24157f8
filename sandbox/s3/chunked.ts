import { createHash } from 'node:crypto';
import { S3Error } from './errors.ts';
import { hmac, type Signature, sameSignature } from './sigv4.ts';

/** How an aws-chunked body is framed and protected (Amazon S3 API reference, "sigv4-streaming"). */
export interface Framing {
  /** Chunk (and trailer) signatures are checked when a signature is given. */
  signature: Signature | null;
  /** The announced trailer, e.g. `x-amz-checksum-crc32`; null for a body without one. */
  trailer: string | null;
  /** `x-amz-decoded-content-length`, bytes. */
  length: number;
  /** Called once with the trailer's value before the body ends. */
  onTrailer(value: string): void;
}

const SMALLEST_CHUNK = 8192;
const LONGEST_LINE = 1024;
const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** Reads lines and runs of bytes from a stream of buffers, without copying the runs. */
function reader(source: AsyncIterator<Buffer>) {
  let pending: Buffer = Buffer.alloc(0);

  async function fill(): Promise<boolean> {
    const step = await source.next();
    if (step.done) return false;
    pending = pending.length > 0 ? Buffer.concat([pending, step.value]) : step.value;
    return true;
  }

  return {
    async line(): Promise<string> {
      for (;;) {
        const end = pending.indexOf('\r\n');
        if (end >= 0 && end <= LONGEST_LINE) {
          const text = pending.toString('latin1', 0, end);
          pending = pending.subarray(end + 2);
          return text;
        }
        if (end >= 0 || pending.length > LONGEST_LINE + 1) throw incomplete();
        if (!(await fill())) throw incomplete();
      }
    },
    async *run(length: number): AsyncGenerator<Buffer> {
      for (let left = length; left > 0; ) {
        if (pending.length === 0 && !(await fill())) throw incomplete();
        const part = pending.subarray(0, left);
        pending = pending.subarray(part.length);
        left -= part.length;
        if (part.length > 0) yield part;
      }
    },
    async ended(): Promise<boolean> {
      while (pending.length === 0) if (!(await fill())) return true;
      return false;
    },
  };
}

function incomplete(): S3Error {
  return new S3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );
}

/** Each chunk's signature covers the one before it, so chunks can be neither swapped nor dropped. */
function chain({ stamp, scope, signingKey, value }: Signature) {
  let previous = value;
  const check = (head: string, given: string | undefined): void => {
    const signature = hmac(signingKey, head).toString('hex');
    if (!given || !sameSignature(signature, given)) {
      throw new S3Error(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      );
    }
    previous = signature;
  };
  return {
    chunk: (sha256: string, given: string | undefined) =>
      check(`AWS4-HMAC-SHA256-PAYLOAD\n${stamp}\n${scope}\n${previous}\n${EMPTY_SHA256}\n${sha256}`, given),
    trailer: (line: string, given: string | undefined) => {
      const sha256 = createHash('sha256').update(line).digest('hex');
      check(`AWS4-HMAC-SHA256-TRAILER\n${stamp}\n${scope}\n${previous}\n${sha256}`, given);
    },
  };
}

/**
 * Decodes an aws-chunked body as it arrives. Trust the last bytes only after the generator has
 * ended: length, chunk signatures and the trailer are checked on the way. @throws S3Error `IncompleteBody`,
 * `InvalidChunkSizeError`, `MalformedTrailerError`, `SignatureDoesNotMatch`.
 */
export async function* decodeChunks(source: AsyncIterable<Buffer>, framing: Framing): AsyncGenerator<Buffer> {
  const input = reader(source[Symbol.asyncIterator]());
  const signatures = framing.signature ? chain(framing.signature) : null;
  let total = 0;
  let last = SMALLEST_CHUNK;
  for (;;) {
    const [, hex, given] =
      /^([0-9a-fA-F]{1,10})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await input.line()) ?? [];
    if (!hex) throw incomplete();
    const size = Number.parseInt(hex, 16);
    if (size > 0 && last < SMALLEST_CHUNK) {
      throw new S3Error(
        'InvalidChunkSizeError',
        'Only the last chunk is allowed to have a size less than 8192 bytes',
        {
          elements: { BadChunkSize: String(last) },
        },
      );
    }
    total += size;
    if (total > framing.length) throw incomplete();
    const sha256 = signatures ? createHash('sha256') : null;
    for await (const part of input.run(size)) {
      sha256?.update(part);
      yield part;
    }
    signatures?.chunk(sha256?.digest('hex') as string, given);
    if (size === 0) break;
    if ((await input.line()) !== '') throw incomplete();
    last = size;
  }
  if (total !== framing.length) throw incomplete();
  await readTrailer(input.line, framing, signatures?.trailer);
  if (!(await input.ended())) throw incomplete();
}

async function readTrailer(
  line: () => Promise<string>,
  framing: Framing,
  verify: ((line: string, given: string | undefined) => void) | undefined,
): Promise<void> {
  const fields = new Map<string, string>();
  for (let text = await line(); text !== ''; text = await line()) {
    const colon = text.indexOf(':');
    if (colon < 1 || fields.size > 2) throw malformedTrailer();
    fields.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  if (framing.trailer === null) {
    if (fields.size > 0) throw malformedTrailer();
    return;
  }
  const value = fields.get(framing.trailer);
  const given = fields.get('x-amz-trailer-signature');
  fields.delete('x-amz-trailer-signature');
  if (value === undefined || fields.size !== 1) throw malformedTrailer();
  verify?.(`${framing.trailer}:${value}\n`, given);
  framing.onTrailer(value);
}

function malformedTrailer(): S3Error {
  return new S3Error(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
