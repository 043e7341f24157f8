import pLimit from 'p-limit';
import { atMost } from '../../at-most.ts';
import type { FileRef, FileRow, ListFilter } from '../../catalog/model.ts';
import { wordsOfPhrases } from '../../catalog/reading/pairs.ts';
import { versionsHolding } from '../../catalog/search/contents.ts';
import type { Together } from '../../catalog/search/find.ts';
import { type Place, placeOfPhrases } from '../../contents/phrases.ts';
import { lookInto } from '../../contents/text-object.ts';
import { errorCode } from '../../errors.ts';
import type { Vault } from '../context.ts';

/** A longer text is not unpacked for it: it is enough that it has the words. In bytes. */
export const MOST_BYTES = 4 * 1024 ** 2;

/**
 * Of all that is asked at one time, so many texts are fetched at once: a bucket takes some 20 to 50 ms to begin with one, and the bot
 * waits for nothing else meanwhile.
 */
export const turns = pLimit(8);

/** What was found of the last questions, as one question is asked of a file several times: for the page, the number, the next page. */
const found = new Map<string, { isThere: boolean; until: number }>();
const MOST_FOUND = 5_000;
/** So long: the text may be read anew, by any bot. */
const FOUND_MS = 600_000;

/**
 * Looks through the texts of files whether the words in quotes stand together: the index of contents knows no order. Undefined
 * where nothing is in quotes. Only of files that the person may see.
 */
export function togetherIn(
  vault: Pick<Vault, 'catalog' | 'bucket' | 'log'> & { identity: { teamId: string } },
  { text = '', phrases = [], where }: Pick<ListFilter, 'text' | 'phrases' | 'where'>,
): Together | undefined {
  const asked = wordsOfPhrases(phrases);
  if (asked.length === 0) return undefined;
  return async (files, patienceMs) => {
    const are = new Set<string>();
    let left = files.length;
    const stop = new AbortController();
    const one = async (file: (typeof files)[number]) => {
      if (stop.signal.aborted) return;
      const { fileId } = file;
      const ref = { teamId: vault.identity.teamId, ...file };
      const filter = { text, phrases, ...(where && { where }) };
      try {
        if ((await versionWith(vault, ref, { ...filter, asked }, stop.signal)) !== null) are.add(fileId);
        left -= 1;
      } catch (error) {
        if (stop.signal.aborted) return;
        const about = { code: errorCode(error), file: fileId };
        vault.log.warn(about, 'a text cannot be looked through for words in quotes');
      }
    };
    await atMost(patienceMs, Promise.all(files.map((file) => turns(() => one(file)))));
    stop.abort();
    return { are: new Set(are), isWhole: left === 0 };
  };
}

/** The version of a file in which the words stand together, and where; the newest before older ones. Null if there is none. */
export async function versionWith(
  { catalog, bucket }: Pick<Vault, 'catalog' | 'bucket'>,
  ref: FileRef & Pick<FileRow, 'sha256' | 'storedAt' | 'olderVersions'>,
  { asked, ...filter }: Pick<ListFilter, 'text' | 'phrases' | 'where'> & { asked: readonly string[][] },
  signal: AbortSignal,
  isPlaceAsked = false,
): Promise<{
  version: Awaited<ReturnType<typeof versionsHolding>>[number];
  place: Place | null;
} | null> {
  const { teamId, fileId, sha256, storedAt } = ref;
  // The index has just told of the file: where it has one version alone, it is that.
  const isOne = ref.olderVersions === 0 && sha256 !== null;
  const versions = isOne
    ? [{ number: null, sha256, storedAt: storedAt ?? 0 }]
    : await versionsHolding(catalog, ref, filter);
  for (const version of versions) {
    signal.throwIfAborted();
    const key = JSON.stringify([teamId, fileId, version.sha256, asked]);
    const before = found.get(key);
    if (before !== undefined && before.until > performance.now()) {
      if (!before.isThere) continue;
      if (!isPlaceAsked) return { version, place: null };
    }
    const of = { teamId, fileId, sha256: version.sha256 };
    const place = await lookInto(bucket, of, { mostBytes: MOST_BYTES, signal }, async (text) => {
      if (text === null) return 'gone';
      return text === 'larger' ? text : placeOfPhrases(text.parts, asked, signal);
    });
    if (place === 'larger') return { version, place: null };
    if (place === 'gone') continue;
    if (found.size >= MOST_FOUND) found.delete(found.keys().next().value as string);
    found.set(key, { isThere: place !== null, until: performance.now() + FOUND_MS });
    if (place !== null) return { version, place };
  }
  return null;
}
