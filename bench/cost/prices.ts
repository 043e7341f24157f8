/** What S3 asks for, in dollars. */
export interface Prices {
  /** When this list was looked up. */
  asOf: string;
  /** For 1,000 requests that write or list: PUT, COPY, POST, LIST. */
  writes: number;
  /** For 1,000 other requests. Deleting and aborting cost nothing. */
  reads: number;
  /** For a GB (2^30 bytes) and month, the first 50 TB. */
  storage: number;
  /** For a GB that leaves AWS; what comes in costs nothing. */
  transferOut: number;
}

/** S3 Standard in us-east-1. Source: aws.amazon.com/s3/pricing. */
export const S3_STANDARD: Prices = {
  asOf: 'March 2026',
  writes: 0.005,
  reads: 0.0004,
  storage: 0.023,
  transferOut: 0.09,
};

const FREE = /^(Delete|Abort)/;
const WRITES = /^(Put|Copy|Post|List|UploadPart|CreateMultipartUpload|CompleteMultipartUpload)/;

/** Which price an S3 operation has. */
export function priceOf(operation: string): 'writes' | 'reads' | 'free' {
  if (FREE.test(operation)) return 'free';
  return WRITES.test(operation) ? 'writes' : 'reads';
}
