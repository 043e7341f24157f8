import { wordNumber } from './word-number.ts';
import { searchedWords } from './words.ts';

/**
 * Which words of a document are neighbours, as numbers: one for each pair, wherever it stands, however often. The index has a part of it
 * (postings/keys.ts). So nearly all documents that have the words of a phrase, but not in this order, are ruled out without a look into
 * their texts. What a pair's number is must stay so for ever: the catalog has them for years.
 */

/** Tables of numbers have more. Then there is none, and the text is looked into. */
export const MOST_PAIRS = 200_000;

/** So many words of a phrase count. */
const MOST_WORDS = 16;
/** So many pairs of a question are asked for. */
const MOST_ASKED = 16;

/** The words of each phrase, as the words of a text are searched; without those of one word, which stand by themselves. */
export function wordsOfPhrases(phrases: readonly string[] = []): string[][] {
  return phrases
    .map((phrase) => [...searchedWords(phrase)].slice(0, MOST_WORDS))
    .filter((words) => words.length > 1);
}

/** The numbers of the pairs of neighbours in these phrases, at most 16. */
export function pairsOfPhrases(phrases: readonly string[] = []): number[] {
  const pairs = wordsOfPhrases(phrases).flatMap((words) => {
    const numbers = words.map(wordNumber);
    return numbers.slice(1).map((number, i) => pairNumber(numbers[i] as number, number));
  });
  return [...new Set(pairs)].slice(0, MOST_ASKED);
}

/** The number of a pair of neighbours, from those of its words, in their order: 32 bits, signed. */
export const pairNumber = (first: number, second: number): number =>
  mixed((Math.imul(first, 0x9e37_79b1) + second) | 0);

/** What Austin Appleby's MurmurHash3 ends with (`fmix32`): each bit of the number changes about half of the others. */
function mixed(number: number): number {
  let n = number;
  n = Math.imul(n ^ (n >>> 16), 0x85eb_ca6b);
  n = Math.imul(n ^ (n >>> 13), 0xc2b2_ae35);
  return n ^ (n >>> 16);
}
