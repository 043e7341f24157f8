import { wordForm } from '../../text/word-form.ts';
import { fold } from '../derived/fold.ts';
import { piecesOf } from './pieces.ts';

/**
 * Letters, digits and the marks on them; without the vowel signs of New Tai Lue and two of the Vedas', which were no letters in the
 * Unicode that SQLite's FTS5 knows (6.1, fts5_unicode2.c), so that it would end a word there.
 */
const WORD = /[[\p{L}\p{N}\p{M}]--[\u19b0-\u19c9\u1cf2\u1cf3]]+/gv;
/**
 * Where words may stand in a text as it was written: signs that nobody sees are no end of a word (in Persian one stands within many),
 * as folding takes them out.
 */
export const TOKEN = /[[\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}]--[\u19b0-\u19c9\u1cf2\u1cf3]]+/gv;
/** Scripts that put no gaps between words. */
const UNBROKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
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
  for (const [found] of folded.replace(UNBROKEN, pairs).matchAll(WORD)) {
    const word = found.slice(0, LONGEST).toWellFormed();
    yield UNBROKEN_SIGN.test(word) ? word : wordForm(word);
  }
}

const UNBROKEN_SIGN = new RegExp(UNBROKEN.source, 'u');

function pairs(run: string): string {
  const letters = [...run];
  if (letters.length === 1) return ` ${run} `;
  return ` ${letters
    .slice(1)
    .map((letter, at) => `${letters[at]}${letter}`)
    .join(' ')} `;
}
