import { backOff, waitAfter } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import { fileById } from '../catalog/files/lookup.ts';
import type { FileRow } from '../catalog/model.ts';
import {
  deferReading,
  dropReading,
  forgetReading,
  keepReading,
  parkReading,
  type ReadingRecord,
  readingDone,
  renewReading,
} from '../catalog/reading/rows.ts';
import { wantedOf } from '../catalog/reading/wanted.ts';
import { errorCode } from '../errors.ts';
import { type Reading, ReadingError } from '../reading/reading.ts';
import { DAY_MS } from '../time.ts';
import { type OlderText, olderTexts, searchedVersions } from './older-versions.ts';
import { ifThere, isWorse, readerOf } from './read-anew.ts';
import { readNow } from './read-now.ts';
import type { ReadOptions } from './read-options.ts';
import { clearTexts, type KeptText, putPicture, putText, textOf } from './text-object.ts';
import { keptBytes, tidyAgain, tidyTexts } from './tidy-texts.ts';
import { indexedText } from './words-of.ts';

/** What breaks again and again is at fault itself. */
const MOST_TRIES = 4;
/** Whatever else is wrong (the bucket, the disk) is waited for, some five days in all. */
const MOST_FAILURES = 20;

/**
 * Reads one file, so that it is found by what is in it: keeps its text in the bucket and its words in the index. A text that
 * is in the bucket already is not read again, unless this file is to be read anew: then it counts until there is a better one. What
 * cannot be done now is tried later; what can never be done is written down with its reason. What no channel wants to be read (any more) is not read. It bears to be done twice.
 */
export async function readFile(options: ReadOptions, row: ReadingRecord, signal: AbortSignal): Promise<void> {
  const { catalog, owner } = options;
  const lease = keepLease(options, { file: row.fileId }, (until) => renewReading(catalog, row, owner, until));
  const work = { row, signal, lost: lease.lost, stop: AbortSignal.any([signal, lease.lost]) };
  try {
    await readLeased(options, work);
  } finally {
    lease.end();
  }
}

interface Work {
  row: ReadingRecord;
  /** The bot stops. */
  signal: AbortSignal;
  /** Somebody else has the row. */
  lost: AbortSignal;
  /** Either. */
  stop: AbortSignal;
}

async function readLeased(options: ReadOptions, work: Work): Promise<void> {
  const { catalog, bucket, byDefault, owner } = options;
  const { row, stop } = work;
  const file = await fileById(catalog, row);
  if (await isUnwanted(options, work, file)) return;
  if (!hasBytes(file, row)) return notStored(options, work, file);
  const had = new Set((await searchedVersions(options, file)).map(({ sha256 }) => sha256));
  const anew = row.reader === 0;
  let kept: KeptText | null = null;
  let isOurs = false;
  try {
    const found = await textOf(bucket, row);
    // That there is no text is kept only of older versions; this one was such once.
    kept = found !== null && found.parts.length > 0 ? found : null;
    const fresh = kept === null || anew ? await readNow(options, file, stop) : null;
    const read = fresh !== null && kept !== null && isWorse(fresh, kept) ? null : fresh;
    const { parts, stopped } = (read ?? kept) as Reading;
    const pictureKind = read === null ? kept?.pictureKind : read.picture?.kind;
    // It went to the trash meanwhile, or has other bytes: a trigger makes it due when they are to be read.
    const current = await fileById(catalog, row);
    if (!hasBytes(current, row)) return notStored(options, work, current);
    if (await isUnwanted(options, work, current)) return;
    stop.throwIfAborted();
    const hasText = parts.length > 0;
    const versions = await searchedVersions(options, current);
    if (read !== null || current.version > 1)
      await tidyTexts(options, row, { signal: stop, ...(read !== null && { anew: row.sha256 }) });
    if (read?.picture) await putPicture(bucket, row, read.picture).catch(ifThere);
    if (read && hasText)
      await putText(bucket, row, { parts, stopped, ...(pictureKind && { pictureKind }) }).catch(ifThere);
    const { isAll, ...text } = await indexedText(parts);
    const older = await olderTexts(options, current, versions, { anew, signal: stop });
    // Without any text, there is nothing to put into the index when others see it, too.
    const state = hasText || older.size > 0 ? ('read' as const) : ('unread' as const);
    const reason = stopped ?? (isAll ? null : ('too_large' as const));
    const done = { ...text, older, state, reason, picture: pictureKind ?? null, byDefault };
    const reader = readerOf(read === null ? kept : null, older, row, options);
    isOurs = await readingDone(catalog, row, owner, { ...done, reader });
  } catch (error) {
    if (error instanceof ReadingError && !stop.aborted)
      isOurs = await unread(options, { row, file, stop, hadText: kept !== null }, error);
    else isOurs = await broken(options, work, error);
  }
  try {
    // It was removed for good meanwhile, or has other bytes: so what was read of these goes, however far that came.
    if (isOurs) await tidyAgain(options, row, had);
    else await tidyTexts(options, row);
  } catch (error) {
    const about = { code: errorCode(error), file: row.fileId, err: error };
    options.log.warn(about, 'the text of bytes that are gone could not be removed');
  }
}

/** False when somebody else has the row, as with the others below. */
async function broken(options: ReadOptions, work: Work, error: unknown): Promise<boolean> {
  const { catalog, owner, now } = options;
  if (work.signal.aborted) return deferReading(catalog, work.row, owner, now());
  return work.lost.aborted ? false : failed(options, work.row, error);
}

/** True for a file that is in the vault with the bytes that are to be read. */
function hasBytes(file: FileRow | undefined, row: ReadingRecord): file is FileRow {
  return file?.state === 'stored' && (file.sha256 ?? '') === row.sha256;
}

/** There is nothing to read now. In the trash, versions may have gone all the same. */
async function notStored(options: ReadOptions, work: Work, file: FileRow | undefined): Promise<void> {
  const { row, stop } = work;
  try {
    if (file?.state === 'trashed' && file.version > 1) await tidyTexts(options, row, { signal: stop });
    await dropReading(options.catalog, row, options.owner);
  } catch (error) {
    await broken(options, work, error);
  }
}

/** True when no channel wants it to be read, and so the work on this row is done. */
async function isUnwanted(options: ReadOptions, work: Work, file: FileRow | undefined): Promise<boolean> {
  const { catalog, bucket, byDefault, owner } = options;
  const { row, stop } = work;
  const wanted = await wantedOf(catalog, row, byDefault);
  if (wanted === 'yes') return false;
  try {
    if (wanted === 'no') {
      await clearTexts(bucket, row, stop);
      await forgetReading(catalog, row, owner, byDefault);
    } else await park(options, work, file);
  } catch (error) {
    await broken(options, work, error);
  }
  return true;
}

/** What was read stays, but not that of versions that went. */
async function park(options: ReadOptions, { row, stop }: Work, file: FileRow | undefined): Promise<void> {
  const { catalog, byDefault, owner } = options;
  const mayHaveOlder = file !== undefined && file.version > 1;
  const had = mayHaveOlder ? (await keptBytes(options, row))?.older : undefined;
  if (mayHaveOlder) await tidyTexts(options, row, { signal: stop });
  if (await parkReading(catalog, row, owner, byDefault)) await tidyAgain(options, row, had ?? new Set());
}

/** Reasons that lie in the machine as often as in the document. */
const MAY_PASS = new Set(['broke', 'took_too_long']);

interface Unread {
  row: ReadingRecord;
  /** There is a text from before. */
  hadText: boolean;
  file: FileRow;
  stop: AbortSignal;
}

async function unread(options: ReadOptions, which: Unread, { code }: ReadingError): Promise<boolean> {
  const { catalog, owner, log, now } = options;
  const { row } = which;
  const isTriedAgain = MAY_PASS.has(code) && row.attempts < MOST_TRIES;
  log.info({ code, file: row.fileId, isTriedAgain }, 'the text of a file could not be read');
  if (isTriedAgain)
    return deferReading(catalog, row, owner, now() + backOff(row.attempts + 6, Math.random, DAY_MS));
  return which.hadText ? keepReading(catalog, row, owner) : giveUp(options, which, code);
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
  if (row.reader === 0) return keepReading(catalog, row, owner);
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
  const { catalog, byDefault, owner, now } = options;
  let older: Map<number, OlderText>;
  try {
    const versions = await searchedVersions(options, file);
    await tidyTexts(options, row, { anew: row.sha256, signal: stop });
    older = await olderTexts(options, file, versions, { anew: row.reader === 0, signal: stop });
  } catch (error) {
    return stop.aborted ? deferReading(catalog, row, owner, now()) : failed(options, row, error);
  }
  const state = older.size > 0 ? ('read' as const) : ('unread' as const);
  return readingDone(catalog, row, owner, { words: new Set(), older, state, reason, byDefault });
}
