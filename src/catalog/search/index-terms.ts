import { sql } from 'kysely';

/**
 * What the search indexes are made of, for the code that reads them. The migrations that made them have a frozen copy
 * (0005_find, 0010_places); a test holds that both agree.
 */

/** This much of a name is in the index of names: PostgreSQL takes no entries of more than 2,704 bytes. */
export const INDEXED_NAME_LENGTH = 120;

/** What stands between words. Digits do too: `budget2026` has the word `budget`. */
const SEPARATORS = new Set([
  ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)),
  ...` ._-()[]{}<>,;:+&=#'"!?@/\\|~%$^*\`0123456789`,
]);

/** The word pieces of a folded text, cut as the triggers cut it. */
export function wordPieces(folded: string): string[] {
  const spaced = [...folded].map((character) => (SEPARATORS.has(character) ? ' ' : character)).join('');
  return spaced.split(' ').filter((word) => word !== '');
}

/** The beginning of `file.folded` that names are looked up by, word for word as in the index. */
export const NAME_START = sql`substr(folded, 1, ${sql.lit(INDEXED_NAME_LENGTH)})`;

/** The private characters of Unicode's first plane: no keyboard has them. */
const FIRST_PRIVATE = 0xe000;
const PRIVATE = 6_400;

/** The word that finds what was said in a channel, in SQLite's index. Nobody types its first sign. */
export const channelToken = (channelId: string): string =>
  `${String.fromCharCode(FIRST_PRIVATE)}${channelId}`;

/**
 * What stands in the indexes of contents and of what was said for a word that is in the file's name or title, and not in the text
 * itself: by the word alone, the file is not found there. Nobody types its first sign. It must stay so: catalogs have it for years.
 */
export const nameToken = (word: string): string => `${String.fromCharCode(FIRST_PRIVATE + 2)}${word}`;

/** The one trigram that finds the files of a channel set in SQLite's search index. */
export function channelSetToken(audienceId: number): string {
  const digits = [audienceId / PRIVATE ** 2, audienceId / PRIVATE, audienceId];
  return String.fromCharCode(...digits.map((digit) => FIRST_PRIVATE + (Math.floor(digit) % PRIVATE)));
}
