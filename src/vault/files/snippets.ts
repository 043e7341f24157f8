import { atMost } from '../../at-most.ts';
import type { FileRef, FileVersion, FoundFile, ListFilter } from '../../catalog/model.ts';
import { wordsOfPhrases } from '../../catalog/reading/pairs.ts';
import { olderVersionWith } from '../../catalog/search/contents.ts';
import { type Snippet, snippetAt, snippetOf } from '../../contents/snippet.ts';
import { lookInto } from '../../contents/text-object.ts';
import { errorCode } from '../../errors.ts';
import { RANK } from '../../text/match-rank.ts';
import type { Vault } from '../context.ts';
import { checked } from '../scan/gate.ts';
import { MOST_BYTES, turns, versionWith } from './together.ts';

/** Nobody waits longer for them. In ms. */
const PATIENCE_MS = 1_500;

/**
 * A piece of the text of each file that was found by its contents, by file id: around the words in quotes, where there are such. The files must be those that the person may see.
 * Where the bucket does not give a text in time, there is none, and its work ends.
 */
export async function snippetsOf(
  vault: Vault,
  files: readonly FoundFile[],
  { text: asked = '', phrases = [], where }: Pick<ListFilter, 'text' | 'phrases' | 'where'>,
  patienceMs: number = PATIENCE_MS,
): Promise<ReadonlyMap<string, Snippet>> {
  const { bucket, catalog, log } = vault;
  const found = new Map<string, Snippet>();
  const stop = new AbortController();
  const { signal } = stop;
  const quoted = wordsOfPhrases(phrases);
  const of = async (file: FileRef, sha256: string | null) => {
    const key = { teamId: file.teamId, fileId: file.fileId, sha256: sha256 ?? '' };
    return lookInto(bucket, key, { mostBytes: MOST_BYTES, signal }, (text) =>
      text === null || text === 'larger' ? null : snippetOf(text.parts, asked, signal),
    );
  };
  /** The list asks for the check of the newest version only. */
  const isHeldBack = async (file: FoundFile, version: Pick<FileVersion, 'number' | 'sha256'>) =>
    (await checked(vault, { ...file, ...version, version: version.number }))?.isGiven === false;
  const plain = async (file: FoundFile) => {
    const version =
      file.olderVersions > 0 ? await olderVersionWith(catalog, file, { text: asked, where }) : undefined;
    if (version && (await isHeldBack(file, version))) return null;
    const snippet = await of(file, version?.sha256 ?? file.sha256);
    return version && snippet
      ? { ...snippet, older: { number: version.number, at: version.storedAt } }
      : snippet;
  };
  const together = async (file: FoundFile) => {
    const one = await versionWith(vault, file, { text: asked, phrases, where, asked: quoted }, signal, true);
    if (!one?.place) return null;
    const { version, place } = one;
    const { number } = version;
    if (number !== null && (await isHeldBack(file, { ...version, number }))) return null;
    const snippet = snippetAt(place.part, place.at, quoted.flat().length);
    return number === null ? snippet : { ...snippet, older: { number, at: version.storedAt } };
  };
  const one = async (file: FoundFile) => {
    if (signal.aborted) return;
    try {
      const snippet = await (quoted.length === 0 ? plain(file) : together(file));
      if (snippet) found.set(file.fileId, snippet);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ code: errorCode(error), file: file.fileId }, 'the text of a file cannot be shown');
    }
  };
  const inside = files.filter(({ rank }) => rank === RANK.contents);
  if (inside.length > 0) await atMost(patienceMs, Promise.all(inside.map((file) => turns(() => one(file)))));
  stop.abort();
  return new Map(found);
}
