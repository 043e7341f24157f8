/** Words and texts for documents that nobody wrote: always the same ones. */
import { searchedWords } from '../../src/catalog/reading/words.ts';

/** About as many words as a company's documents have, with their names, numbers and mistakes. */
const VOCABULARY = 200_000;

const SYLLABLES = 'ba de ki lo mu na pe ri so tu va we xi yo zu fa ge hi jo ku'.split(' ');

/** The word of this rank, from 0: the most frequent first. It has no ending that changes its form. */
export function wordAt(rank: number): string {
  let word = '';
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length];
  return `${word}q`;
}

const searched: string[] = [];

/** The same as it stands in an index. */
export function searchedAt(rank: number): string {
  searched[rank] ??= [...searchedWords(wordAt(rank))][0] as string;
  return searched[rank];
}

/**
 * Draws words as texts have them: the word of rank r about 1/r times as often as the first one (Zipf's law). The same seed
 * draws the same words.
 */
export function drawWords(seed: number): () => number {
  let state = seed >>> 0;
  const most = Math.log(VOCABULARY);
  return () => {
    // Marsaglia's xorshift, 32 bits.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.min(VOCABULARY, Math.floor(Math.exp(((state >>> 0) / 2 ** 32) * most))) - 1;
  };
}

/** A seed for each file; no two small numbers may give seeds that look alike. */
export const seedOf = (file: number) => Math.imul(file + 1, 2_654_435_761) | 1;
