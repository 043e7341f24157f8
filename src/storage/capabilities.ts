import type { Proof } from '../catalog/model.ts';

/** What a bucket can do. It is tried out (see `probe`), because S3-compatible stores differ. */
export interface Capabilities {
  /** Takes a stream whose CRC-32 follows it, compares the two, and keeps only the bytes. */
  trailers: boolean;
  /** `If-None-Match: *` protects an existing object. */
  conditionalPut: boolean;
  /** Takes a CRC-32 in a header, and refuses bytes that do not fit it. */
  checksums: boolean;
  /** The ETag of an object stored in one request is the MD5 of its bytes. */
  etagIsMd5: boolean;
  versioning: boolean | 'unknown';
  /** The proof that an object streamed in one request gets here. */
  proof: Proof;
  /**
   * Refuses every body whose hash is not in the request's head: by a policy, or because new objects are retained. Then
   * what does not fit in memory goes in parts. Missing: no.
   */
  wholeOnly?: boolean;
  /** Refuses bytes that do not fit their `Content-MD5`. Missing: nobody knows. */
  md5Checked?: boolean;
  /** Takes `x-amz-checksum-mode` when it is asked about an object. Missing: nobody knows, so it is not sent. */
  checksumMode?: boolean;
  /** How parts are proven; known after the first upload in parts (see `PART_SUMS`). */
  parts?: PartSum;
  /** Tells the right CRC-32 of a whole object that came in parts; known like `parts`. */
  tellsWhole?: boolean;
}

/** How parts are proven, best first: see `putMultipart`. */
export const PART_SUMS = ['full', 'composite', 'md5', 'none'] as const;
export type PartSum = (typeof PART_SUMS)[number];

/** What a body's hash is sent as; `null` when the body goes without one. */
export type SumSent = 'trailer' | 'header' | 'md5' | null;

type Proving = Pick<Capabilities, 'checksums' | 'etagIsMd5' | 'md5Checked'>;

/** The proof for an object stored in one request. */
export function proofOf(able: Proving, sent: SumSent): Proof {
  if (sent === 'trailer' || (sent === 'header' && able.checksums)) return 'crc32';
  return able.etagIsMd5 || (sent === 'md5' && able.md5Checked) ? 'md5' : 'size';
}

/** The hash that goes with a body held in memory. */
export function sumOfWhole({ checksums }: Pick<Capabilities, 'checksums'>): 'header' | 'md5' {
  return checksums ? 'header' : 'md5';
}
