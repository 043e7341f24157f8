import { createHash } from 'node:crypto';
import {
  type Algorithm,
  checkValue,
  type Promised,
  promisedChecksum,
  promisedMd5,
  startSum,
} from './checksums.ts';
import { decodeChunks } from './chunked.ts';
import { S3Error } from './errors.ts';
import type { Compat } from './faults.ts';
import type { Signature } from './sigv4.ts';

/** What was computed over the received bytes. */
export interface Digests {
  size: number;
  /** Hex, the ETag of a single put. */
  md5: string;
  /** Always computed: it costs almost nothing, and the page and the tests need it. */
  crc32: string;
  /** The checksum that the client sent, verified; null when it sent none. */
  checksum: { algorithm: Algorithm; value: string } | null;
}

/** A request body, decoded from its payload mode. */
export interface Received {
  /** The object's own bytes; ends without an error only if all promised lengths and checksums were right. */
  bytes: AsyncIterable<Buffer>;
  /** Bytes to come, as declared. */
  length: number;
  /** Only after `bytes` has ended. */
  digests(): Digests;
}

/** The largest object that one PUT may carry, and the largest part: 5 GiB (Amazon S3 user guide, quotas). */
const LARGEST_PUT = 5 * 2 ** 30;

interface Mode {
  chunked: boolean;
  trailer: boolean;
  signedChunks: boolean;
  sha256: string | null;
}

function modeOf(payload: string): Mode {
  const plain = { chunked: false, trailer: false, signedChunks: false, sha256: null };
  switch (payload) {
    case 'UNSIGNED-PAYLOAD':
      return plain;
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { ...plain, chunked: true, trailer: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { ...plain, chunked: true, signedChunks: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { ...plain, chunked: true, trailer: true, signedChunks: true };
  }
  if (/^[0-9a-f]{64}$/.test(payload)) return { ...plain, sha256: payload };
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    { elements: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payload } },
  );
}

function declaredLength(headers: Map<string, string>, name: string): number {
  const value = headers.get(name);
  if (value === undefined || !/^\d{1,15}$/.test(value)) {
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const length = Number(value);
  if (length > LARGEST_PUT) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      elements: { ProposedSize: value, MaxSizeAllowed: String(LARGEST_PUT) },
    });
  }
  return length;
}

/**
 * Reads the headers that describe the body and prepares to decode it; reads no byte yet, so errors
 * in the headers are reported before `100 Continue`. @throws S3Error for headers that contradict each other.
 */
export function receiveBody(
  source: AsyncIterable<Buffer>,
  headers: Map<string, string>,
  signature: Signature,
  compat: Compat,
  keepsCut = false,
): Received {
  const mode = modeOf(compat.keepsFrames ? 'UNSIGNED-PAYLOAD' : signature.payload);
  if (mode.trailer && compat.noTrailers) {
    throw headers.has('content-length')
      ? mismatch()
      : new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const unread = compat.noChecksums || (compat.keepsFrames && headers.has('x-amz-trailer'));
  const promise: Promised | null = unread ? null : promisedChecksum(headers);
  const md5 = promisedMd5(headers);
  const length = declaredLength(headers, mode.chunked ? 'x-amz-decoded-content-length' : 'content-length');
  const trailer = mode.trailer ? (headers.get('x-amz-trailer')?.trim().toLowerCase() ?? null) : null;
  const bytes = mode.chunked
    ? decodeChunks(source, {
        signature: mode.signedChunks ? signature : null,
        trailer,
        length,
        onTrailer: (value) => {
          if (promise) promise.value = checkValue(promise.algorithm, value);
        },
      })
    : source;
  let digests: Digests | null = null;
  return {
    length,
    bytes: sum(bytes, { length, promise, md5, sha256: mode.sha256, keepsCut }, (result) => {
      digests = result;
    }),
    digests: () => {
      if (digests) return digests;
      throw new Error('digests asked for before the body had ended');
    },
  };
}

function mismatch(): S3Error {
  return new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

interface Promises {
  length: number;
  promise: Promised | null;
  md5: string | null;
  sha256: string | null;
  keepsCut: boolean;
}

/** The bytes up to where the connection broke, if it does; then `onCut` is called. */
async function* upToTheCut(bytes: AsyncIterable<Buffer>, onCut: () => void): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof S3Error && error.code === 'IncompleteBody')) throw error;
    onCut();
  }
}

async function* sum(
  bytes: AsyncIterable<Buffer>,
  expected: Promises,
  done: (digests: Digests) => void,
): AsyncGenerator<Buffer> {
  const md5 = createHash('md5');
  const crc32 = startSum('CRC32');
  const sha256 = expected.sha256 ? createHash('sha256') : null;
  const algorithm = expected.promise?.algorithm;
  const other = algorithm && algorithm !== 'CRC32' ? startSum(algorithm) : null;
  let size = 0;
  let cut = false;
  const onCut = (): void => {
    cut = true;
  };
  for await (const chunk of expected.keepsCut ? upToTheCut(bytes, onCut) : bytes) {
    size += chunk.length;
    md5.update(chunk);
    crc32.update(chunk);
    sha256?.update(chunk);
    other?.update(chunk);
    yield chunk;
  }
  const digests: Digests = { size, md5: md5.digest('hex'), crc32: crc32.digest(), checksum: null };
  if (cut) return done(digests);
  if (size !== expected.length) {
    throw new S3Error(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header.',
    );
  }
  if (sha256 && sha256.digest('hex') !== expected.sha256) {
    throw mismatch();
  }
  if (expected.md5 && digests.md5 !== expected.md5) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (expected.promise) {
    const value = other ? other.digest() : digests.crc32;
    if (value !== expected.promise.value) {
      throw new S3Error(
        'BadDigest',
        `The ${expected.promise.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    digests.checksum = { algorithm: expected.promise.algorithm, value };
  }
  done(digests);
}

/** Bytes; our own limit. The largest list of parts (10,000 with SHA-256) needs about 2 MiB. */
const LARGEST_DOCUMENT = 8 * 2 ** 20;

/** A small request document, whole. @throws S3Error `MalformedXML` when it is too large to be one. */
export async function readDocument(received: Received): Promise<Buffer> {
  if (received.length > LARGEST_DOCUMENT) {
    throw new S3Error('MalformedXML', 'The XML you provided was larger than this operation allows');
  }
  const parts: Buffer[] = [];
  for await (const chunk of received.bytes) parts.push(chunk);
  return Buffer.concat(parts);
}
