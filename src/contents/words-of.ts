import { searchedWords } from '../catalog/reading/words.ts';
import { othersTurn } from '../others-turn.ts';
import type { Part } from '../reading/reading.ts';

/** More different words than this are not in the index: tables of numbers have so many. */
const MOST_WORDS = 20_000;
/** Nor are more bytes of them: 20,000 words of a language have fewer. */
const MOST_BYTES = 1_000_000;

/** The words of a text as the index has them, the first 20,000 different ones, and at most 1 MB of them. */
export async function wordsOf(parts: readonly Part[]): Promise<Set<string>> {
  const words = new Set<string>();
  let bytes = 0;
  for (const { text } of parts) {
    for (const word of searchedWords(text)) {
      if (words.has(word)) continue;
      bytes += Buffer.byteLength(word);
      if (bytes > MOST_BYTES) return words;
      words.add(word);
      if (words.size === MOST_WORDS) return words;
    }
    await othersTurn();
  }
  return words;
}
