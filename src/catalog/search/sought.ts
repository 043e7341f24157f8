import type { ListFilter } from '../model.ts';
import { searchedWords } from '../reading/words.ts';
import { nameToken } from './index-terms.ts';

/** So many different words are looked up at most. */
export const MOST_WORDS = 16;

/** The different words that are looked up for a text. */
export const wordsIn = (text: string) => [...new Set(searchedWords(text))].slice(0, MOST_WORDS);

/** What is asked of a search. */
export type Asked = Pick<ListFilter, 'text' | 'phrases' | 'where'>;

/**
 * The words of a question, by where they must be: all `inText`; `either` there or in the name of the file, but not all of them in the
 * name alone. Names need not be looked at for a single word, nor where only texts count; what stands in quotes stands in a text.
 */
export interface Sought {
  inText: string[];
  either: string[];
}

/** Null without words. */
export function soughtOf({ text = '', phrases = [], where }: Asked): Sought | null {
  const words = wordsIn(text);
  if (words.length === 0) return null;
  if (words.length === 1 || where === 'text') return { inText: words, either: [] };
  const quoted = new Set(phrases.flatMap(wordsIn));
  return {
    inText: words.filter((word) => quoted.has(word)),
    either: words.filter((word) => !quoted.has(word)),
  };
}

const anywhere = (word: string) => `(${quoted(word)} OR ${quoted(nameToken(word))})`;

/**
 * As SQLite's index is asked. For a word that is in the name alone, another one stands there (index-terms.ts): names have few
 * words, so that they are all there is seen sooner than that one of the others is.
 */
export function termsOf({ inText, either }: Sought, more: readonly string[] = []): string {
  const all = [...inText.map(quoted), ...either.map(anywhere), ...more].join(' AND ');
  if (either.length === 0 || inText.length > 0) return all;
  return `(${all}) NOT (${either.map((word) => quoted(nameToken(word))).join(' AND ')})`;
}

/** The same as terms that a row must have, each by itself. */
export function partsOf({ inText, either }: Sought, more: readonly string[] = []): string[] {
  const oneOf = inText.length > 0 || either.length === 0 ? [] : [`(${either.map(quoted).join(' OR ')})`];
  return [...inText.map(quoted), ...either.map(anywhere), ...oneOf, ...more];
}

export const quoted = (words: string) => `"${words}"`;
