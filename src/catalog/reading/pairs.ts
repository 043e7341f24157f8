import type { DatabaseKind } from '../db/schema.ts';
import { wordNumber } from './word-number.ts';
import { searchedWords } from './words.ts';

/**
 * Which words of a document are neighbours, as a Bloom filter: some bits for each pair, wherever it stands, however often. If one of
 * its bits is missing, the document has no such pair; if all are there, it most likely has. So nearly all documents that have the
 * words of a phrase, but not in this order, are ruled out without a look into their texts. Migration 0040 made the place for it.
 *
 * What a pair's bits are must stay so for ever: the catalog has them for years.
 */

/**
 * The bits for each pair, and how many of them are set. Of pairs that are not there, one in 3,700 seems to be on SQLite, and one in
 * twenty on PostgreSQL, where the words themselves take five times as much. A filter tells its size by itself, so those that were made
 * with other bits for each pair (12 and 6.4 at first) are good as they are; how many are set must stay.
 */
const SIZE: Record<DatabaseKind, { bits: number; set: number }> = {
  sqlite: { bits: 18, set: 8 },
  postgres: { bits: 6.2, set: 4 },
};

/** It comes in pieces of the same size, and all bits of a pair stand in one of them, so that one look is enough. In bytes. */
export const LARGEST_PIECE = 512;

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

/** Where the bits of a pair stand. */
export interface Probe {
  /** In the piece with this number, divided by how many there are: the rest. */
  piece: number;
  /** In the byte with this number, divided by the size of a piece: the rest; from 0. And the bit of it, from 0. */
  bits: Array<{ byte: number; bit: number }>;
}

export function probeOf(kind: DatabaseKind, pair: number): Probe {
  const step = stepOf(pair);
  const places = Array.from({ length: SIZE[kind].set }, (_, i) => placeOf(pair, step, i));
  return { piece: pieceOf(step), bits: places.map((place) => ({ byte: byteOf(place), bit: bitOf(place) })) };
}

/** Kirsch and Mitzenmacher, "Less Hashing, Same Performance" (2006): two numbers are enough to make all others of. */
const stepOf = (pair: number) => mixed(pair ^ 0x5bd1_e995) | 1;
const placeOf = (pair: number, step: number, i: number) => mixed((pair + Math.imul(i, step)) | 0);
const pieceOf = (step: number) => mixed(step) >>> 1;
const byteOf = (place: number) => place & 0x1fff_ffff;
const bitOf = (place: number) => place >>> 29;

/** The pieces that say which pairs a document has; each has its number once. */
export function piecesOf(kind: DatabaseKind, pairs: Int32Array): Buffer[] {
  const { bits, set } = SIZE[kind];
  const bytes = Math.max(1, Math.ceil((pairs.length * bits) / 8));
  const many = Math.ceil(bytes / LARGEST_PIECE);
  const size = Math.ceil(bytes / many);
  const all = Buffer.alloc(many * size);
  for (const pair of pairs) {
    const step = stepOf(pair);
    const first = (pieceOf(step) % many) * size;
    for (let i = 0; i < set; i++) {
      const place = placeOf(pair, step, i);
      const at = first + (byteOf(place) % size);
      all[at] = (all[at] as number) | (1 << bitOf(place));
    }
  }
  return Array.from({ length: many }, (_, i) => all.subarray(i * size, (i + 1) * size));
}
