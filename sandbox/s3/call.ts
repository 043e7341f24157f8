import type { Readable } from 'node:stream';
import type { Received } from './body.ts';
import type { Bucket } from './bucket.ts';
import type { Compat } from './faults.ts';
import type { Operation } from './route.ts';
import type { Signature } from './sigv4.ts';
import type { Store } from './store.ts';

/** What an authenticated request asks for. */
export interface Asked {
  operation: Operation;
  /** Empty strings if the operation has none. */
  bucketName: string;
  key: string;
  query: Map<string, string>;
  /** Lower-case names; a presigned URL's `x-amz-*` parameters count as headers. */
  headers: Map<string, string>;
  signature: Signature;
}

/** A request, ready for its operation. */
export interface Call extends Asked {
  store: Store;
  region: string;
  compat: Compat;
  /** May the client do this with that key of the bucket? @throws S3Error `AccessDenied`. */
  checkKey(action: string, key: string): void;
  /** The bucket of this call. @throws S3Error `NoSuchBucket`. */
  bucket(): Bucket;
  /**
   * Checks the headers of the body (or those given instead); the bytes are read and checked by reading
   * `bytes`. With `keepsCut`, bytes that end too early are no error.
   */
  body(headers?: Map<string, string>, keepsCut?: boolean): Received;
}

/** What to send back. A stream is always destroyed, however the connection ends. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Readable;
}

export type Handler = (call: Call) => Promise<Answer>;
