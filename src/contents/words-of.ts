import type { IndexedText } from '../catalog/reading/index-words.ts';
import { MOST_PAIRS, pairNumber } from '../catalog/reading/pairs.ts';
import { wordNumber } from '../catalog/reading/word-number.ts';
import { searchedWords } from '../catalog/reading/words.ts';
import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';
import { inOrder } from './word-order.ts';

/** More different words than this are not in the index: tables of numbers have so many. */
const MOST_WORDS = 20_000;
/** Nor are more bytes of them: 20,000 words of a language have fewer. */
const MOST_BYTES = 1_000_000;
/** Words that are looked at before everything else has its turn. */
const STEP = 500;

/**
 * The words of a text as the index has them, the first 20,000 different ones, and at most 1 MB of them; and whether that were all.
 */
export async function wordsOf(parts: readonly Part[]): Promise<{ words: Set<string>; areAll: boolean }> {
  const words = new Set<string>();
  let bytes = 0;
  for (const { text } of parts) {
    for (const word of searchedWords(text)) {
      if (words.has(word)) continue;
      bytes += Buffer.byteLength(word);
      if (bytes > MOST_BYTES || words.size === MOST_WORDS) return { words, areAll: false };
      words.add(word);
    }
    await othersTurn();
  }
  return { words, areAll: true };
}

/**
 * The numbers of all pairs of these words that are neighbours in the text, as words in quotes are looked for (phrases.ts); null when
 * there are too many.
 */
async function pairsOf(parts: readonly Part[], words: ReadonlySet<string>): Promise<Set<number> | null> {
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    const number = numbers.get(word) ?? wordNumber(word);
    numbers.set(word, number);
    return number;
  };
  const pairs = new Set<number>();
  let before: string | undefined;
  let looked = 0;
  for (const { word, follows } of inOrder(parts)) {
    if (looked++ % STEP === 0) await othersTurn();
    const last = follows ? before : undefined;
    before = word;
    // Nobody finds the text by words that are not in the index.
    if (last === undefined || !words.has(last) || !words.has(word)) continue;
    pairs.add(pairNumber(numberOf(last), numberOf(word)));
    if (pairs.size > MOST_PAIRS) return null;
  }
  return pairs;
}

/** What the index is to know of a text, and whether that are all its words. */
export async function indexedText(parts: readonly Part[]): Promise<IndexedText & { areAll: boolean }> {
  const { words, areAll } = await wordsOf(parts);
  const pairs = await pairsOf(parts, words);
  return { words, pairs: pairs && Int32Array.from(pairs), areAll };
}
