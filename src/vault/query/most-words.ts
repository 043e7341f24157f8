import { fold } from '../../catalog/derived/fold.ts';
import { tooLong, tooManyToRead, tooManyToSeek, unreadableCharacter } from '../../refusals/find.ts';

/** So many different words are looked for at once. */
const MOST_WORDS = 12;
/** So many words, filters and repetitions are read at all, and so many characters. */
const MOST_PIECES = 60;
const MOST_CHARACTERS = 2_000;
/** So many types are told apart in one question. */
export const MOST_TYPES = 20;

/** The words that are looked for: folded as names are, each of them once. */
function distinctWords(text: string): string[] {
  return [
    ...new Set(
      fold(text)
        .split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ];
}

/** Throws `UserError` for text with a NUL: nobody can type one, no name holds one, and PostgreSQL takes none. */
export function withoutNul(text: string): void {
  if (text.includes('\0')) throw unreadableCharacter();
}

/** Throws `UserError` for more text than anybody looks for, before any work is done for it. */
export function readable(text: string): string {
  withoutNul(text);
  if (text.length > MOST_CHARACTERS) throw tooLong({ characters: MOST_CHARACTERS });
  if ((text.match(/\S+/g)?.length ?? 0) > MOST_PIECES) {
    throw tooManyToRead({ pieces: MOST_PIECES, words: MOST_WORDS });
  }
  return text;
}

/** Throws `UserError` for more different words than are looked for at once. */
export function soughtWords(text: string): string {
  readable(text);
  if (distinctWords(text).length > MOST_WORDS) throw tooManyToSeek({ words: MOST_WORDS });
  return text;
}
