import { backOff, waitAfter } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import type { Catalog } from '../catalog/db/open.ts';
import { fileById } from '../catalog/files/lookup.ts';
import type { FileRow } from '../catalog/model.ts';
import type { IndexedText } from '../catalog/reading/index-words.ts';
import {
  deferReading,
  dropReading,
  forgetReading,
  parkReading,
  type ReadingRecord,
  readingDone,
  renewReading,
} from '../catalog/reading/rows.ts';
import { wantedOf } from '../catalog/reading/wanted.ts';
import { errorCode } from '../errors.ts';
import { type Reading, ReadingError } from '../reading/reading.ts';
import { DAY_MS } from '../time.ts';
import { olderTexts, searchedVersions } from './older-versions.ts';
import { readNow } from './read-now.ts';
import type { ReadOptions } from './read-options.ts';
import { clearTexts, putPicture, putText, removeTexts, textOf } from './text-object.ts';
import { indexedText } from './words-of.ts';

/** What breaks again and again is at fault itself. */
const MOST_TRIES = 4;
/** Whatever else is wrong (the bucket, the disk) is waited for, some five days in all. */
const MOST_FAILURES = 20;

/**
 * Reads one file, so that it is found by what is in it: keeps its text in the bucket and its words in the index. A text that
 * is in the bucket already is not read again. What cannot be done now is tried later; what can never be done is written down
 * with its reason. What no channel wants to be read (any more) is not read. It bears to be done twice.
 */
export async function readFile(options: ReadOptions, row: ReadingRecord, signal: AbortSignal): Promise<void> {
  const { catalog, bucket, byDefault, owner, now } = options;
  const file = await fileById(catalog, row);
  if (await isUnwanted(options, row)) return;
  if (file?.state !== 'stored' || (file.sha256 ?? '') !== row.sha256) {
    await dropReading(catalog, row, owner);
    return;
  }
  const lease = keepLease(options, { file: row.fileId }, (until) => renewReading(catalog, row, owner, until));
  const stop = AbortSignal.any([signal, lease.lost]);
  let isOurs = false;
  try {
    const found = await textOf(bucket, row);
    // That there is no text is kept only of older versions; this one was such once.
    const kept = found !== null && found.parts.length > 0 ? found : null;
    const read = kept === null ? await readNow(options, file, stop) : null;
    const { parts, stopped } = (kept ?? read) as Reading;
    const pictureKind = read?.picture?.kind ?? kept?.pictureKind;
    // It went to the trash meanwhile: when it comes back, a trigger makes it due.
    if ((await fileById(catalog, row))?.state !== 'stored') {
      await dropReading(catalog, row, owner);
      return;
    }
    if (await isUnwanted(options, row)) return;
    const hasText = parts.length > 0;
    const versions = await searchedVersions(options, file);
    const stays = new Set(versions.map(({ sha256 }) => sha256));
    if (kept !== null) stays.add(row.sha256);
    if (kept === null || file.version > 1) await clearTexts(bucket, row, stays);
    if (read?.picture) await putPicture(bucket, row, read.picture);
    if (read && hasText) await putText(bucket, row, { parts, stopped, ...(pictureKind && { pictureKind }) });
    const text = await indexedText(parts);
    const older = await olderTexts(options, file, versions, stop);
    // Without any text, there is nothing to put into the index when others see it, too.
    const state = hasText || older.size > 0 ? ('read' as const) : ('unread' as const);
    const done = { ...text, older, state, reason: stopped, picture: pictureKind ?? null, byDefault };
    isOurs = await readingDone(catalog, row, owner, done);
  } catch (error) {
    if (signal.aborted) isOurs = await deferReading(catalog, row, owner, now());
    else if (error instanceof ReadingError) isOurs = await unread(options, { row, file, stop }, error);
    else if (!lease.lost.aborted) isOurs = await failed(options, row, error);
  } finally {
    lease.end();
  }
  // It was removed for good meanwhile: so is what was read of it, however far that came.
  if (!isOurs && (await isGone(catalog, row))) await removeTexts(bucket, row);
}

/** True when no channel wants it to be read, and so the work on this row is done. */
async function isUnwanted(options: ReadOptions, row: ReadingRecord): Promise<boolean> {
  const { catalog, bucket, byDefault, owner } = options;
  const wanted = await wantedOf(catalog, row, byDefault);
  if (wanted === 'not_now') await parkReading(catalog, row, owner, byDefault);
  if (wanted !== 'no') return wanted !== 'yes';
  try {
    await clearTexts(bucket, row);
    await forgetReading(catalog, row, owner, byDefault);
  } catch (error) {
    await failed(options, row, error);
  }
  return true;
}

async function isGone(catalog: Catalog, row: ReadingRecord): Promise<boolean> {
  const file = await fileById(catalog, row);
  return file === undefined || file.state === 'purged';
}

/** Reasons that lie in the machine as often as in the document. */
const MAY_PASS = new Set(['broke', 'took_too_long']);

interface Unread {
  row: ReadingRecord;
  file: FileRow;
  stop: AbortSignal;
}

/** False when somebody else has the row, as with the others below. */
async function unread(options: ReadOptions, which: Unread, { code }: ReadingError): Promise<boolean> {
  const { catalog, owner, log, now } = options;
  const { row } = which;
  const isTriedAgain = MAY_PASS.has(code) && row.attempts < MOST_TRIES;
  log.info({ code, file: row.fileId, isTriedAgain }, 'the text of a file could not be read');
  if (isTriedAgain)
    return deferReading(catalog, row, owner, now() + backOff(row.attempts + 6, Math.random, DAY_MS));
  return giveUp(options, which, code);
}

/** Something around it failed, or something that nobody thought of. */
async function failed(options: ReadOptions, row: ReadingRecord, error: unknown): Promise<boolean> {
  const { catalog, byDefault, owner, log, now } = options;
  const isTriedAgain = row.attempts < MOST_FAILURES;
  log.warn(
    { code: errorCode(error), file: row.fileId, err: error, isTriedAgain },
    'a file could not be read',
  );
  if (isTriedAgain) return deferReading(catalog, row, owner, now() + waitAfter(error, row.attempts, DAY_MS));
  return readingDone(catalog, row, owner, { words: new Set(), state: 'unread', reason: 'broke', byDefault });
}

/**
 * These bytes are not read. The older versions are searched all the same; what was read of other bytes goes. Should the bucket not
 * answer, all is done again later.
 */
async function giveUp(
  options: ReadOptions,
  { row, file, stop }: Unread,
  reason: ReadingError['code'],
): Promise<boolean> {
  const { catalog, bucket, byDefault, owner, now } = options;
  let older: Map<number, IndexedText>;
  try {
    const versions = await searchedVersions(options, file);
    await clearTexts(bucket, row, new Set(versions.map(({ sha256 }) => sha256)));
    older = await olderTexts(options, file, versions, stop);
  } catch (error) {
    return stop.aborted ? deferReading(catalog, row, owner, now()) : failed(options, row, error);
  }
  const state = older.size > 0 ? ('read' as const) : ('unread' as const);
  return readingDone(catalog, row, owner, { words: new Set(), older, state, reason, byDefault });
}
