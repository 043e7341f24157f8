import { fileById } from '../catalog/files/lookup.ts';
import { olderVersions, type VersionRecord } from '../catalog/files/versions.ts';
import type { FileRow } from '../catalog/model.ts';
import type { IndexedText } from '../catalog/reading/index-words.ts';
import { errorCode } from '../errors.ts';
import { READER } from '../reader-version.ts';
import type { Reading } from '../reading/reading.ts';
import { ifThere, isWorse } from './read-anew.ts';
import { readNow } from './read-now.ts';
import type { ReadOptions } from './read-options.ts';
import { clearText, type KeptText, putText, type TextOf, textOf } from './text-object.ts';
import { indexedText } from './words-of.ts';

/** Only so many older versions are searched, the newest ones. */
const MOST = 10;

/** The older versions of a file that are searched, newest first, without those that have the newest one's bytes. */
export async function searchedVersions(
  { catalog }: Pick<ReadOptions, 'catalog'>,
  file: FileRow,
): Promise<VersionRecord[]> {
  if (file.olderVersions === 0) return [];
  const versions = await olderVersions(catalog, file);
  const seen = new Set([file.sha256]);
  const others = versions.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
  return others.slice(0, MOST);
}

/** With the version of the reader that read it. */
export type OlderText = IndexedText & { reader: number };

/**
 * What the index is to know of older versions, by the ids of their rows. Their texts are kept in the bucket as that of the newest; also that one has
 * none, so that it is not fetched again whenever others may see the file. One that cannot be read has none: the newest version
 * counts, and must not wait for it. With `anew`, texts of an older reader are read once more. Throws the signal's reason.
 */
export async function olderTexts(
  options: ReadOptions,
  file: FileRow,
  versions: readonly VersionRecord[],
  { anew, signal }: { anew: boolean; signal: AbortSignal },
): Promise<Map<number, OlderText>> {
  const texts = new Map<number, OlderText>();
  for (const version of versions) {
    signal.throwIfAborted();
    try {
      const { parts, reader = READER } = await readingOf({ ...options, anew }, file, version, signal);
      if (parts.length > 0) texts.set(version.id, { ...(await indexedText(parts)), reader });
    } catch (error) {
      signal.throwIfAborted();
      const about = { code: errorCode(error), file: file.fileId, version: version.number };
      options.log.info(about, 'an older version of a file could not be read');
    }
  }
  return texts;
}

async function readingOf(
  options: ReadOptions & { anew: boolean },
  file: FileRow,
  { teamId, fileId, sha256, objectKey, versionId, storedBytes }: VersionRecord,
  signal: AbortSignal,
): Promise<Reading & Partial<KeptText>> {
  const of: TextOf = { teamId, fileId, sha256 };
  const kept = await textOf(options.bucket, of);
  const isOld = options.anew && kept !== null && kept.reader < READER;
  if (kept !== null && !isOld && !mayHaveMore(kept, options)) return kept;
  const older = { ...file, objectKey, versionId, storedBytes };
  let read: Reading;
  try {
    read = await readNow({ ...options, previews: false }, older, signal);
  } catch (error) {
    if (kept === null || signal.aborted) throw error;
    return kept;
  }
  if (kept !== null && isWorse(read, kept)) return kept;
  const { parts, stopped } = read;
  // It went meanwhile, and its texts with it.
  if ((await fileById(options.catalog, file))?.state !== 'stored') return { parts, stopped };
  if (kept !== null && parts.length === 0) return kept;
  if (kept !== null) await clearText(options.bucket, of);
  // Of the time when this was the newest.
  const picture = kept?.pictureKind && { pictureKind: kept.pictureKind };
  await putText(options.bucket, of, { parts, stopped, ...picture }).catch(ifThere);
  return { parts, stopped };
}

/** Letters in pictures may be looked for by now, and were not then. */
function mayHaveMore({ parts, stopped }: KeptText, { ocr = [] }: ReadOptions): boolean {
  return ocr.length > 0 && (parts.length === 0 || stopped === 'pictures_not_read');
}
