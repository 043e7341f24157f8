import { othersTurn } from '../../others-turn.ts';
import type { Scope } from '../db/schema.ts';
import { dropDocument, putDocument } from '../postings/documents.ts';
import { channelSetKey, nameKey, pairKey, UNKNOWN_PAIRS, wordKey } from '../postings/keys.ts';
import { partsOf } from '../postings/segment.ts';
import { type Called, wordsOfName } from './name-tokens.ts';

/** What the index knows of a text. */
export interface IndexedText {
  words: ReadonlySet<string>;
  /** The numbers of those that are neighbours (pairs.ts). Null or missing where they are not known: then the text is looked into. */
  pairs?: Int32Array | null;
  /** The same as the index has it ({@link partsOfText}), if it was made before. */
  parts?: readonly Buffer[];
}

/**
 * Puts the words of a file into the index, for those who may see it now, in the place of what was there under this id. Older
 * versions stand under their own ids, below nought. The words of the file's name stand beside them, so that a search may
 * have some of its words from there.
 */
export async function indexWords(
  scope: Scope,
  { id, audienceId, name = null, title = null }: { id: number; audienceId: number | null } & Partial<Called>,
  text: IndexedText = { words: new Set() },
): Promise<void> {
  if (text.words.size === 0) return dropDocument(scope, id);
  const own = wordsOfName({ name, title }, text.words).map(nameKey);
  if (audienceId !== null) own.push(channelSetKey(audienceId));
  const parts = text.parts ?? (await partsOfText(text));
  await putDocument(scope, id, [...parts, ...partsOf([own])]);
}

/** So many keys are worked out while everybody else waits. */
const STEP = 2_000;
/** And so many are put in order. */
const SORTED = 20_000;

/** What a text is in the index, as the parts of a segment of its own; made in small steps, as a long text has 200,000 keys. */
export async function partsOfText({ words, pairs = null }: IndexedText): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  const add = async (keys: readonly number[]) => {
    for (const part of partsOf([keys])) {
      parts.push(part);
      await othersTurn();
    }
  };
  const keys: number[] = [];
  for (const word of words) {
    keys.push(wordKey(word));
    if (keys.length % STEP === 0) await othersTurn();
  }
  await add(keys);
  if (pairs === null) await add([UNKNOWN_PAIRS]);
  else for (const some of apart(Array.from(pairs, pairKey))) await add(some);
  return parts;
}

/** Keys in groups, each larger than those of the group before; one where they are few. */
function apart(keys: readonly number[]): number[][] {
  const many = Math.ceil(keys.length / SORTED);
  if (many < 2) return [[...keys]];
  const first = keys.reduce((least, key) => Math.min(least, key));
  const range = keys.reduce((most, key) => Math.max(most, key)) - first + 1;
  const groups = Array.from({ length: many }, (): number[] => []);
  for (const key of keys) groups[Math.floor(((key - first) / range) * many)]?.push(key);
  return groups;
}
