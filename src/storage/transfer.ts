import type { Readable } from 'node:stream';

export interface PutRequest {
  key: string;
  /** Chunks must be `Buffer`s. In any case, it is read to its end or destroyed. */
  body: Readable | Buffer | AsyncIterable<Buffer>;
  /** The exact size in bytes, or null when nobody knows. */
  length: number | null;
  contentType: string;
  /** As made by `encodeMetadata`. Its team and file id say whose object it is. */
  metadata: Record<string, string>;
  /** More bytes than this are refused with `BodyError` `body_too_large`. */
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A request under way, with its source and the controller that stops the sending. */
export interface Transfer extends PutRequest {
  source: Readable;
  stop: AbortController;
}
