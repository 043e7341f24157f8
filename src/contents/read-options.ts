import type { Catalog } from '../catalog/db/open.ts';
import type { Log } from '../log.ts';
import type { Bucket } from '../storage/bucket.ts';

/** What reading files needs. */
export interface ReadOptions {
  catalog: Catalog;
  bucket: Bucket;
  /** Whether channels without a setting of their own are read. */
  byDefault: boolean;
  owner: string;
  leaseMs: number;
  /** A folder where a document may lie while it is read. */
  folder: string;
  /** The languages that are read in pictures and scans; none: they are not read. */
  ocr?: readonly string[] | undefined;
  /** Whether a small picture of the first page is made. */
  previews?: boolean;
  log: Log;
  now(): number;
}
