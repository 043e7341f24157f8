import { wordForm } from '../../text/word-form.ts';
import { fold } from '../derived/fold.ts';
import { IN_WORD, UNBROKEN } from './letters.ts';
import { piecesOf } from './pieces.ts';

/** A word of a folded text: as IN_WORD, but folding has taken out the signs that nobody sees. */
const WORD = /[[\p{L}\p{N}\p{M}]--[\u19b0-\u19c9\u1cf2\u1cf3]]+/gv;
/** Where words may stand in a text as it was written. */
export const TOKEN = new RegExp(`${IN_WORD.source}+`, 'gv');
const UNBROKEN_RUN = new RegExp(`${UNBROKEN.source}+`, 'gu');
/** `™`, `№` and `℃` would become letters, which belong to no word. */
const SIGN = /[\p{S}--[\0-\x7f]]/gv;
/** The rest of a longer one is no word of anybody's. */
const LONGEST = 40;

/**
 * The words of a text in the form in which they are searched. What is written without gaps gives each pair of letters, so that
 * any part of it is found.
 */
export function* searchedWords(text: string): Generator<string> {
  for (const piece of piecesOf(text)) yield* wordsOfPiece(piece);
}

/** The same of a text of at most some hundred letters. */
export function* wordsOfPiece(text: string): Generator<string> {
  const folded = fold(text.replace(SIGN, ' '));
  for (const [found] of folded.replace(UNBROKEN_RUN, pairs).matchAll(WORD)) {
    const word = found.slice(0, LONGEST).toWellFormed();
    yield UNBROKEN.test(word) ? word : wordForm(word);
  }
}

function pairs(run: string): string {
  const letters = [...run];
  if (letters.length === 1) return ` ${run} `;
  return ` ${letters
    .slice(1)
    .map((letter, at) => `${letters[at]}${letter}`)
    .join(' ')} `;
}
