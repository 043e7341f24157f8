import type { FileRecord } from '../db/schema.ts';
import { nameToken } from '../search/index-terms.ts';
import { searchedWords } from './words.ts';

/** Names that are longer are no names. */
const MOST_WORDS = 200;

/** A file by what people call it. */
export type Called = Pick<FileRecord, 'name' | 'title'>;

/**
 * The words that only the file's name and title have, and its text has not. Names are not folded before: a sign such as `™`
 * would be letters by then, and it belongs to no word of a question.
 */
export function wordsOfName({ name, title }: Called, words: ReadonlySet<string>): string[] {
  const only = new Set(
    [...searchedWords(`${name ?? ''}\n${title ?? ''}`)]
      .slice(0, MOST_WORDS)
      .filter((word) => !words.has(word)),
  );
  return [...only];
}

/** What stands for these beside the words of what was said. */
export const nameTokens = (called: Called, words: ReadonlySet<string>): string[] =>
  wordsOfName(called, words).map(nameToken);
