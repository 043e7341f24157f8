import type { FileRecord } from '../db/schema.ts';
import { nameToken } from '../search/index-terms.ts';
import { searchedWords } from './words.ts';

/** Names that are longer are no names. */
const MOST_WORDS = 200;

/** A file by what people call it. */
export type Called = Pick<FileRecord, 'name' | 'title'>;

/**
 * What stands beside the words of a text for those that only the file's name and title have. These are not folded: a sign such as `™`
 * would be letters by then, and it belongs to no word of a question.
 */
export function nameTokens({ name, title }: Called, words: ReadonlySet<string>): string[] {
  const only = new Set(
    [...searchedWords(`${name ?? ''}\n${title ?? ''}`)]
      .slice(0, MOST_WORDS)
      .filter((word) => !words.has(word)),
  );
  return [...only].map(nameToken);
}
