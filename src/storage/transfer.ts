import type { Readable } from 'node:stream';

export interface PutRequest {
  key: string;
  /** Chunks must be `Buffer`s. It is read to its end or destroyed, whatever happens. */
  body: Readable | Buffer | AsyncIterable<Buffer>;
  /** The exact size in bytes, or null when nobody knows. */
  length: number | null;
  contentType: string;
  /** As `encodeMetadata` makes it: team and file id in it tell whose object it is. */
  metadata: Record<string, string>;
  /** More bytes than this are refused with `BodyError` `body_too_large`. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A request under way: its source, and the switch that ends whatever is being sent. */
export interface Transfer extends PutRequest {
  source: Readable;
  stop: AbortController;
}
