import {
  badDate,
  badDigest,
  badSize,
  badSort,
  badType,
  notExcludable,
  unknownChannel,
  unknownFilter,
  unknownPerson,
} from '../../refusals/find.ts';
import { mentionsAsTyped } from '../../text/typed.ts';
import { soughtWords } from './most-words.ts';
import type { NotUnderstood, QueryNotes } from './notes.ts';
import { type Clock, readPeriod } from './period.ts';
import { type FilterKind, kindOf, searchWords } from './search-words.ts';
import { readWords, type Word } from './words.ts';

/** Throws `UserError` if a word was left out because it was not understood: so much more would be found. */
export function requireUnderstood({ notUnderstood }: QueryNotes): void {
  const [unknown] = notUnderstood.filter(({ searched }) => !searched);
  if (unknown !== undefined) throw refusalOf(unknown);
}

function refusalOf({ what, typed }: NotUnderstood) {
  if (what === 'person') return unknownPerson(typed);
  if (what === 'channel') return unknownChannel(typed);
  if (what === 'date') return badDate(typed.replace(/^-?[^:]*:/, ''));
  if (what === 'type') return badType();
  if (what === 'size') return badSize();
  if (what === 'digest') return badDigest();
  if (what === 'filter' && filterWords(typed, 'sort') !== '') return badSort(typed.replace(/^[^:]*:/, ''));
  return what === 'filter' ? unknownFilter(typed) : notExcludable(typed);
}

/** The first moment of a day or of a longer time, in ms. Throws `UserError`. */
export function dayOf(value: string, clock: Clock): number {
  const period = readPeriod(value, clock);
  if (period === null) throw badDate(value);
  return period.from;
}

/**
 * The same query with the words of one filter replaced; an empty `replacement` removes them. The words of the name come
 * first, so that none of them can be read as part of a filter.
 */
export function withFilter(query: string, kind: FilterKind, replacement: string): string {
  const others = searchWords(query).filter((word) => kindOf(word) !== kind);
  const typed = kind === 'words' ? searchWords(replacement) : others.filter(isName);
  // A filter without a value means nothing, and would take the next word for it.
  const isWhole = (word: Word) => word.filter?.value !== '';
  const filters = others.filter((word) => !isName(word) && isWhole(word)).map(({ raw }) => raw);
  const rest = [...filters, ...(kind === 'words' ? [] : [replacement])];
  const joined = (names: string) => [names, ...rest].filter((word) => word !== '').join(' ');
  const plain = joined(kind === 'words' ? replacement : rawOf(typed));
  return namesIn(plain) === textsOf(typed.filter(isName)) ? plain : joined(inQuotes(typed));
}

const isName = (word: Word) => kindOf(word) === 'words';
const rawOf = (words: Word[]) => words.map(({ raw }) => raw).join(' ');
const textsOf = (words: Word[]) => JSON.stringify(words.map(({ text }) => text));
const namesIn = (query: string) => textsOf(searchWords(query).filter(isName));

/** Words that would mean a filter where they stand now, such as `last` and `week`, in quotes. */
function inQuotes(words: Word[]): string {
  const isSafe = ({ quoted, text, filter, not }: Word) =>
    quoted || not || filter !== null || /["“”*]/.test(text);
  return words.map((word) => (isSafe(word) ? word.raw : `"${word.text}"`)).join(' ');
}

/** The same query without any filter: its words and its order stay. */
export function withoutFilters(query: string): string {
  return [filterWords(query, 'words'), filterWords(query, 'sort')].filter((word) => word !== '').join(' ');
}

/** The words of one filter as they were typed. */
export function filterWords(query: string, kind: FilterKind): string {
  const words = searchWords(query).filter((word) => kindOf(word) === kind);
  const joined = rawOf(words);
  return kind !== 'words' || namesIn(joined) === textsOf(words) ? joined : inQuotes(words);
}

/**
 * The typed text without the quotes around names, for commands without filters. Throws `UserError` for too many
 * words.
 */
export function unquoted(query: string): string {
  const names = readWords(query, []).map(({ text }) => mentionsAsTyped(text));
  return soughtWords(names.join(' '));
}
