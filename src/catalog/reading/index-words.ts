import type { Scope } from '../db/schema.ts';
import { dropDocument, putDocument } from '../postings/documents.ts';
import { channelSetKey, pairKey, UNKNOWN_PAIRS, wordKey } from '../postings/keys.ts';
import { type Called, nameTokens } from './name-tokens.ts';

/** What the index knows of a text. */
export interface IndexedText {
  words: ReadonlySet<string>;
  /** The numbers of those that are neighbours (pairs.ts). Null or missing where they are not known: then the text is looked into. */
  pairs?: Int32Array | null;
}

/**
 * Puts the words of a file into the index, for those who may see it now, in the place of what was there under this id. Older
 * versions stand under their own ids, below nought. The words of the file's name stand beside them, so that a search may
 * have some of its words from there.
 */
export async function indexWords(
  scope: Scope,
  { id, audienceId, ...called }: { id: number; audienceId: number | null } & Partial<Called>,
  text: IndexedText = { words: new Set() },
): Promise<void> {
  if (text.words.size === 0) await dropDocument(scope, id);
  else await putDocument(scope, id, keysOf({ audienceId, ...called }, text));
}

/** The keys under which the index has a text. */
function* keysOf(
  { audienceId, name = null, title = null }: { audienceId: number | null } & Partial<Called>,
  { words, pairs = null }: IndexedText,
): Generator<number> {
  for (const word of words) yield wordKey(word);
  for (const token of nameTokens({ name, title }, words)) yield wordKey(token);
  if (audienceId !== null) yield channelSetKey(audienceId);
  if (pairs === null) yield UNKNOWN_PAIRS;
  else for (const pair of pairs) yield pairKey(pair);
}
