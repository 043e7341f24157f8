import type { Generated } from 'kysely';
import type { DueColumns } from './due-columns.ts';

/** What is known of the text in a file's newest bytes; see reading/rows.ts. Triggers add and remove the rows. */
export interface ReadingTable extends DueColumns {
  teamId: string;
  fileId: string;
  /** The bytes that the rest is about. */
  sha256: string;
  state: 'waiting' | 'read' | 'unread';
  /** Why it was not read, or not all of it. */
  reason: string | null;
  /** When these bytes were stored (ms). */
  since: number;
  /** The kind of the picture of its first page, where there is one. */
  picture: 'png' | 'jpeg' | null;
  /**
   * The version of the reader that its text is of (reader-version.ts). 0: it is to be read anew from the file, whatever is kept. Below
   * nought: that version could not read it anew, and its older text counts.
   */
  reader: Generated<number>;
}

/** One row, once reading was ever switched on. Without it, the triggers write nothing. */
export interface ReadingStartTable {
  id: 1;
  /** Files from before then with ids below it were not gone through yet; 0 when all were. */
  beforeId: number;
  /** The languages that are read in pictures, separated by commas; empty where none are. */
  ocr: Generated<string>;
  /** 1: channels without a setting of their own are read. */
  byDefault: Generated<number>;
  /** The version of the reader for which files from before were gone through. */
  reader: Generated<number>;
}
