import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from './crc.ts';
import { S3Error } from './errors.ts';

/** The additional checksums that this server computes. CRC64NVME is refused, never quietly skipped. */
export type Algorithm = 'CRC32' | 'CRC32C' | 'SHA1' | 'SHA256';

const BYTES: Record<Algorithm, number> = { CRC32: 4, CRC32C: 4, SHA1: 20, SHA256: 32 };
const HEADER = 'x-amz-checksum-';

/** A running checksum: bytes in, base64 out (big-endian for the CRCs, S3's notation). */
export interface Sum {
  update(chunk: Buffer): void;
  digest(): string;
}

/** A checksum that the client promised, in a header or (value null) in the later trailer. */
export interface Promised {
  algorithm: Algorithm;
  value: string | null;
}

/** Base64 of the four bytes of a CRC, most significant first. */
export function crcText(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

export function startSum(algorithm: Algorithm): Sum {
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
  }
  const step = algorithm === 'CRC32' ? (chunk: Buffer, before: number) => crc32(chunk, before) : crc32c;
  let value = 0;
  return {
    update: (chunk) => {
      value = step(chunk, value);
    },
    digest: () => crcText(value),
  };
}

function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(BYTES, name);
}

/** The algorithm of that name. @throws S3Error `NotImplemented` or `InvalidRequest`. */
export function algorithmOf(name: string): Algorithm {
  const upper = name.toUpperCase();
  if (isAlgorithm(upper)) return upper;
  if (upper === 'CRC64NVME')
    throw new S3Error('NotImplemented', 'This server computes no CRC64NVME checksums.');
  throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
}

export function headerOf(algorithm: Algorithm): string {
  return `${HEADER}${algorithm.toLowerCase()}`;
}

/** Checks the shape of a checksum value; other code compares it with the bytes. */
export function checkValue(algorithm: Algorithm, value: string): string {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === BYTES[algorithm] && bytes.toString('base64') === value) return value;
  throw new S3Error('InvalidRequest', `Value for ${headerOf(algorithm)} header is invalid.`);
}

/**
 * Which checksum the request promises, by header or announced trailer; null for none. @throws S3Error
 * `InvalidRequest` for two of them, one that is malformed, or an algorithm named without a value.
 */
export function promisedChecksum(headers: Map<string, string>): Promised | null {
  const named = [...headers.keys()].filter(
    (name) => name.startsWith(HEADER) && !['mode', 'type', 'algorithm'].includes(name.slice(HEADER.length)),
  );
  const trailer = headers.get('x-amz-trailer')?.trim().toLowerCase();
  if (named.length + (trailer ? 1 : 0) > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const sdk = headers.get('x-amz-sdk-checksum-algorithm')?.toUpperCase();
  const name = named[0] ?? trailer;
  if (!name) {
    if (!sdk) return null;
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (!name.startsWith(HEADER)) {
    throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
  }
  const algorithm = algorithmOf(name.slice(HEADER.length));
  if (sdk && sdk !== algorithm) {
    throw new S3Error('InvalidRequest', 'Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  return { algorithm, value: named[0] ? checkValue(algorithm, headers.get(named[0]) as string) : null };
}

/** The 16 bytes of Content-MD5 in hex, or null without that header. @throws S3Error `InvalidDigest`. */
export function promisedMd5(headers: Map<string, string>): string | null {
  const value = headers.get('content-md5');
  if (value === undefined) return null;
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 16) throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  return bytes.toString('hex');
}
