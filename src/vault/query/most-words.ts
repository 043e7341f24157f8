import { fold } from '../../catalog/derived/fold.ts';
import { tooLong, tooManyToRead, tooManyToSeek, unreadableCharacter } from '../../refusals/find.ts';

/** The most different words in one search. */
const MOST_WORDS = 12;
/** The most pieces (words and filters, also repeated ones) and characters that are read. */
const MOST_PIECES = 60;
const MOST_CHARACTERS = 2_000;
/** The most types in one question. */
export const MOST_TYPES = 20;

/** The words of a search: folded like names, each once. */
function distinctWords(text: string): string[] {
  return [
    ...new Set(
      fold(text)
        .split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ];
}

/** Throws `UserError` for text with a NUL: nobody can type it, no name has it, and PostgreSQL refuses it. */
export function withoutNul(text: string): void {
  if (text.includes('\0')) throw unreadableCharacter();
}

/** Throws `UserError` for text that is too long to read, before any work is done for it. */
export function readable(text: string): string {
  withoutNul(text);
  if (text.length > MOST_CHARACTERS) throw tooLong({ characters: MOST_CHARACTERS });
  if ((text.match(/\S+/g)?.length ?? 0) > MOST_PIECES) {
    throw tooManyToRead({ pieces: MOST_PIECES, words: MOST_WORDS });
  }
  return text;
}

/** Throws `UserError` for too many different words. */
export function soughtWords(text: string): string {
  readable(text);
  if (distinctWords(text).length > MOST_WORDS) throw tooManyToSeek({ words: MOST_WORDS });
  return text;
}
