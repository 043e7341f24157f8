/** Words and texts for documents that nobody wrote: always the same ones. */
import { wordKey } from '../../src/catalog/postings/keys.ts';
import { wordNumber } from '../../src/catalog/reading/word-number.ts';
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

const numbers: number[] = [];

/** Its number, of which those of pairs are made (word-number.ts). */
export function numberAt(rank: number): number {
  numbers[rank] ??= wordNumber(searchedAt(rank));
  return numbers[rank];
}

const keys: number[] = [];

/** Its key in the index of contents (postings/keys.ts). */
export function keyAt(rank: number): number {
  keys[rank] ??= wordKey(searchedAt(rank));
  return keys[rank];
}

/**
 * Draws words as a company has them: the word of rank r about 1/r times as often as the first one (Zipf's law). The same seed
 * draws the same words.
 */
export function drawWords(seed: number): () => number {
  const any = numbersFrom(seed);
  const most = Math.log(VOCABULARY);
  return () => Math.min(VOCABULARY, Math.floor(Math.exp(any() * most))) - 1;
}

/** Numbers from 0 to 1: Marsaglia's xorshift, 32 bits. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Of its words, a document has this part again: each as often as it had it until then (Simon, "On a class of skew distribution
 * functions", 1955; Church and Gale, "Poisson mixtures", 1995: whoever writes of something names it again). And where it goes on as it
 * went on before, it has pairs of neighbours again. So 3,000 words are some 940 different ones, and 2,450 pairs. Handbooks, manuals and
 * references in English and German have 450 to 970 in their searched form, and 1,800 to 2,500 pairs.
 */
const AGAIN = 0.32;
const GOES_ON = 0.2;

/** Where each word stood last, counted on from document to document. */
const stood = new Float64Array(VOCABULARY);
let counted = 0;

/** The words of a document, by their ranks, in their order. */
export function drawDocument(seed: number, length: number): Uint32Array {
  const fresh = drawWords(seed);
  const any = numbersFrom(seed ^ 0x5bd1_e995);
  const words = new Uint32Array(length);
  counted += length;
  for (let at = 0; at < length; at++) {
    const way = any();
    const last = at === 0 ? -1 : (stood[words[at - 1] as number] as number) - counted;
    let word: number;
    if (way < GOES_ON && last >= 0) word = words[last + 1] as number;
    else if (way < GOES_ON + AGAIN && at > 0) word = words[Math.floor(any() * at)] as number;
    else word = fresh();
    if (at > 0) stood[words[at - 1] as number] = counted + at - 1;
    words[at] = word;
  }
  return words;
}

/** A seed for each file; no two small numbers may give seeds that look alike. */
export const seedOf = (file: number) => Math.imul(file + 1, 2_654_435_761) | 1;
