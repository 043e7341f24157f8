import type { ReadingRecord } from '../catalog/reading/rows.ts';
import { errorCode } from '../errors.ts';
import { READER } from '../reader-version.ts';
import type { Reading } from '../reading/reading.ts';
import type { ReadOptions } from './read-options.ts';
import type { KeptText } from './text-object.ts';

/** A better reader may leave out some letters: hyphens at a line's end, a heading that stands twice. */
const FEWER = 0.9;

/**
 * Whether a new reading is worse than what is kept: nothing was found any more, or it stopped somewhere and has less. So it is where
 * letters in pictures were read then and are not now, and where the machine was busy.
 */
export function isWorse(read: Reading, kept: Reading): boolean {
  if (read.parts.length > 0 && read.stopped === null) return false;
  return lettersOf(read) < lettersOf(kept) * FEWER;
}

function lettersOf({ parts }: Reading): number {
  return parts.reduce((sum, { text }) => sum + text.replace(/\s+/g, '').length, 0);
}

/**
 * The version of the reader to which all texts of a file come up: the kept one that was taken (null: it was read just now), and those of
 * older versions. To the first alone, if letters in its pictures would be read by now. What could not be read anew by this version is not
 * tried again.
 */
export function readerOf(
  kept: KeptText | null,
  older: ReadonlyMap<number, { reader: number }>,
  row: ReadingRecord,
  { ocr = [] }: Pick<ReadOptions, 'ocr'>,
): number {
  const wasTried = row.reader === 0 || row.reader === -READER;
  if (wasTried) return kept === null ? READER : -READER;
  const hasMore = kept?.stopped === 'pictures_not_read' && ocr.length > 0;
  const olders = [...older.values()].map(({ reader }) => reader);
  return Math.min(READER, hasMore ? 1 : READER, kept?.reader ?? READER, ...olders);
}

/**
 * Where another text or picture of these bytes is in the bucket, that one stays: whoever read them at the same time has kept it, or the
 * bucket does not let it go (a lock).
 */
export function ifThere(error: unknown): void {
  if (errorCode(error) !== 'object_conflict') throw error;
}
