import { type IndexedText, partsOfText } from '../catalog/reading/index-words.ts';
import { MOST_PAIRS, pairNumber } from '../catalog/reading/pairs.ts';
import { piecesOf } from '../catalog/reading/pieces.ts';
import { wordNumber } from '../catalog/reading/word-number.ts';
import { wordsOfPiece } from '../catalog/reading/words.ts';
import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';
import { inSteps } from './word-order.ts';

/** More different words than this are not in the index: tables of numbers have so many. */
const MOST_WORDS = 20_000;
/** Nor are more bytes of them: 20,000 words of a language have fewer. */
const MOST_BYTES = 1_000_000;

/** The words of a text as the index has them, the first 20,000 different ones, and at most 1 MB of them; and whether these are all. */
export async function wordsOf(parts: readonly Part[]): Promise<{ words: Set<string>; isAll: boolean }> {
  const words = new Set<string>();
  let bytes = 0;
  for (const { text } of parts) {
    for (const piece of piecesOf(text)) {
      for (const word of wordsOfPiece(piece)) {
        if (words.has(word)) continue;
        bytes += Buffer.byteLength(word);
        if (bytes > MOST_BYTES || words.size === MOST_WORDS) return { words, isAll: false };
        words.add(word);
      }
      await othersTurn();
    }
  }
  return { words, isAll: true };
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
  for (const step of inSteps(parts)) {
    await othersTurn();
    for (const { word, follows } of step) {
      const last = follows ? before : undefined;
      before = word;
      // Nobody finds the text by words that are not in the index.
      if (last === undefined || !words.has(last) || !words.has(word)) continue;
      pairs.add(pairNumber(numberOf(last), numberOf(word)));
      if (pairs.size > MOST_PAIRS) return null;
    }
  }
  return pairs;
}

/** What the index is to know of a text, and whether it is all of it. */
export async function indexedText(parts: readonly Part[]): Promise<IndexedText & { isAll: boolean }> {
  const { words, isAll } = await wordsOf(parts);
  const pairs = await pairsOf(parts, words);
  const text = { words, pairs: pairs && Int32Array.from(pairs) };
  return { ...text, parts: await partsOfText(text), isAll };
}
