/** Six letters with gaps between them: PDF.js takes letters that are set apart (`C O N T E N T S`) for words. */
const APART = /(?<!\S)(?:\p{L}\p{M}* {1,3}){5}\p{L}\p{M}*(?!\S)/u;
const ALONE = /(?<!\S)\p{L}\p{M}*(?!\S)/gu;

/** Whether letters of a page are set apart, as PDF.js gives it. */
export function areApart(text: string): boolean {
  return APART.test(text);
}

/** Two letters that stand close (`Va`) are one piece. */
const LONGEST_PIECE = 3;
const LETTER = /^\p{L}\p{M}*$/u;
/** Six letters or more in a line of other words: Germans set apart what is important. */
const ROW = /(?<![\p{L}\p{N}])(?:\p{L}\p{M}* ){5,}\p{L}\p{M}*(?![\p{L}\p{M}\p{N}])/gu;

/**
 * A piece of text without the gaps between its letters; as it is, where these are words, or the letters of an index; numbers beside each other are those
 * of a table. PDF.js gives wider gaps as pieces of their own.
 */
export function together(piece: string): string {
  const letters = piece.split(' ');
  const single = letters.filter((one) => LETTER.test(one)).length;
  if (single * 2 > letters.length && letters.every((one) => one.length <= LONGEST_PIECE))
    return joined(letters);
  return piece.replace(ROW, (row) => joined(row.split(' ')));
}

function joined(letters: readonly string[]): string {
  return letters.join(isAlphabet(letters) ? ' ' : '');
}

/** No word has so many letters that follow each other in the alphabet. */
const LETTERS_OF_AN_INDEX = 5;

function isAlphabet(letters: readonly string[]): boolean {
  const first = letters[0]?.charCodeAt(0) ?? 0;
  return (
    letters.length >= LETTERS_OF_AN_INDEX && letters.every((one, at) => one.charCodeAt(0) === first + at)
  );
}

/**
 * Of a page whose letters are set apart, the reading that leaves fewer of them alone: PDF.js's own, put together, does not see gaps of words that are
 * hardly wider; PDFium, which goes by how wide letters are, tears words whose letters are placed one by one.
 */
export function lessTorn(put: string, other: string | null): string {
  return other === null || aloneIn(put) * 2 < aloneIn(other) ? put : other;
}

const aloneIn = (text: string) => text.match(ALONE)?.length ?? 0;
