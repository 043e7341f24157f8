import { hash } from 'node:crypto';

/**
 * What stands in the index of texts, as numbers below 2^53: words, those of names, the channel sets of documents, and pairs of neighbours. Each kind
 * has numbers of its own. They must stay so for ever: the catalog has them for years.
 */

/** Where the numbers of a kind begin. */
export const KINDS = {
  words: 0,
  /** Words that the file's name or title has, and its text has not. */
  names: 2 ** 40,
  channelSets: 2 ** 41,
  pairs: 2 ** 42,
  /** Documents whose pairs are not known. */
  unknownPairs: 2 ** 43,
} as const;

/** The first of the numbers that are of another kind than this one. */
export function endOfKind(key: number): number {
  if (key < KINDS.names) return KINDS.names;
  if (key < KINDS.channelSets) return KINDS.channelSets;
  if (key < KINDS.pairs) return KINDS.pairs;
  return key < KINDS.unknownPairs ? KINDS.unknownPairs : Number.MAX_SAFE_INTEGER;
}

/** Of a word: 40 bits of its SHA-256. Of a million different words, one in a million has the number of another. */
export const wordKey = (word: string): number => hash('sha256', word, 'buffer').readUIntBE(0, 5);

/** Of a word that is in the name alone. */
export const nameKey = (word: string): number => KINDS.names + wordKey(word);

export const channelSetKey = (audienceId: number): number => KINDS.channelSets + audienceId;

/**
 * Of a pair of neighbours (reading/pairs.ts): 24 bits of its number, so that a document of 2,500 pairs seems to have one that it lacks in
 * one of 6,700 cases.
 */
export const pairKey = (pair: number): number => KINDS.pairs + (pair >>> 8);

export const UNKNOWN_PAIRS = KINDS.unknownPairs;
