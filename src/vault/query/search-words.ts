import { filterNamed, SEARCH_NAMES } from './names.ts';
import { readWords, type Word } from './words.ts';

const TIMES: ReadonlySet<string | undefined> = new Set(['on', 'before', 'after', 'until', 'older', 'newer']);
const TIME_NAMES = SEARCH_NAMES.filter((name) => TIMES.has(filterNamed(name)));

/** The words, filters and phrases of a search. Throws `UserError` for too much text. */
export function searchWords(query: string): Word[] {
  return readWords(query, SEARCH_NAMES, { phrases: true, times: TIME_NAMES });
}

/** `in:name` and `in:text`: where the words are to be found; null for anything else, as the channel `in:#text`. */
export function placeOfWords({ filter, not }: Pick<Word, 'filter' | 'not'>): 'name' | 'text' | null {
  if (filter === null || not || filterNamed(filter.name) !== 'in') return null;
  const [, where = null] = /^(name|text)s?$/i.exec(filter.value) ?? [];
  return where === null ? null : (where.toLowerCase() as 'name' | 'text');
}

/** Which filter a word belongs to. */
export type FilterKind = 'person' | 'channel' | 'type' | 'time' | 'size' | 'sort' | 'other' | 'words';

const SIZES: ReadonlySet<string | undefined> = new Set(['size', 'larger', 'smaller']);

export function kindOf(word: Word): FilterKind {
  const { filter, person, channel, not } = word;
  if (filter === null) return person !== undefined ? 'person' : channel !== undefined ? 'channel' : 'words';
  const about = filterNamed(filter.name);
  if (about === 'words') return 'words';
  if (placeOfWords(word) !== null) return 'other';
  if (about === 'in') return 'channel';
  if (about === 'sort') return 'sort';
  // What is left out stays when a menu chooses something else.
  if (not) return 'other';
  if (about === 'from') return 'person';
  if (about === 'type') return 'type';
  return TIMES.has(about) ? 'time' : SIZES.has(about) ? 'size' : 'other';
}
