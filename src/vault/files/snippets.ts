import pLimit from 'p-limit';
import { atMost } from '../../at-most.ts';
import type { FileRef, FoundFile } from '../../catalog/model.ts';
import { olderVersionWith } from '../../catalog/search/contents.ts';
import { type Snippet, snippetOf } from '../../contents/snippet.ts';
import { textOf } from '../../contents/text-object.ts';
import { errorCode } from '../../errors.ts';
import { RANK } from '../../text/match-rank.ts';
import type { Vault } from '../context.ts';
import { checked } from '../scan/gate.ts';

/** Nobody waits longer for them. In ms. */
const PATIENCE_MS = 1_500;

/** Only texts up to this size are unpacked for it, a few hundred pages. In bytes. */
const MOST_BYTES = 4 * 1024 ** 2;

/** Of all that is asked at one time, so many texts are looked through at once. */
const turns = pLimit(2);

/**
 * A piece of the text of each file that was found by its contents, by file id. The files must be those that the person may see.
 * Where the bucket does not give a text in time, there is none, and its work ends.
 */
export async function snippetsOf(
  vault: Vault,
  files: readonly FoundFile[],
  asked: string,
  patienceMs: number = PATIENCE_MS,
): Promise<ReadonlyMap<string, Snippet>> {
  const { bucket, catalog, log } = vault;
  const found = new Map<string, Snippet>();
  const stop = new AbortController();
  const { signal } = stop;
  const of = async (file: FileRef, sha256: string | null) => {
    const key = { teamId: file.teamId, fileId: file.fileId, sha256: sha256 ?? '' };
    const text = await textOf(bucket, key, { mostBytes: MOST_BYTES, signal });
    return text && snippetOf(text.parts, asked, signal);
  };
  const one = async (file: FoundFile) => {
    if (signal.aborted) return;
    const { fileId } = file;
    try {
      const version = file.olderVersions > 0 ? await olderVersionWith(catalog, file, asked) : undefined;
      // The list asks for the newest version only.
      const check = version && (await checked(vault, { ...file, ...version, version: version.number }));
      if (check?.isGiven === false) return;
      const snippet = await of(file, version?.sha256 ?? file.sha256);
      if (snippet) found.set(fileId, version ? { ...snippet, versionAt: version.storedAt } : snippet);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ code: errorCode(error), file: fileId }, 'the text of a file cannot be shown');
    }
  };
  const inside = files.filter(({ rank }) => rank === RANK.contents);
  if (inside.length > 0) await atMost(patienceMs, Promise.all(inside.map((file) => turns(() => one(file)))));
  stop.abort();
  return new Map(found);
}
