import { nameToken } from '../search/index-terms.ts';
import { searchedWords } from './words.ts';

/** Names that are longer are no names. */
const MOST_WORDS = 200;

/** What stands beside the words of a text for those that only the file's name and title have; `folded` as in the file's row. */
export function nameTokens(folded: string, words: ReadonlySet<string>): string[] {
  const only = new Set([...searchedWords(folded)].slice(0, MOST_WORDS).filter((word) => !words.has(word)));
  return [...only].map(nameToken);
}
