/** Pictures and keys that stand in a text as letters (base64). Nobody looks for a word of this length. */
const PACKED_BYTES = /[A-Za-z0-9+/=_-]{256,}/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: old printers' signs for a new line or page are among them.
const LINE_END = /\r\n?|[\u000b\u000c\u2028\u2029]/g;
/** Where a word may be broken, marks of direction, the mark at a file's beginning: none of them is seen. */
const UNSEEN = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/**
 * What tells a terminal how to show a text (ECMA-48, chapter 5): where it goes on, a gap; then colours and what else stands in the midst
 * of a word; the address of a link and the title of a window, which end with a sign of their own; other commands, of one letter.
 */
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const MOVES = /\u001b\[[0-?]*[A-HSTZ`adefjksu]/g;
const MARKS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[P\]X^_][^\n\u0007\u001b]*(?:\u0007|\u001b\\)|[!-/]*[0-Z\\`-~])/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is taken out.

/** A printer struck a letter twice to make it heavy, or a line below it (`a`, back, `a`): manuals of Unix have it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is taken out.
const STRUCK_OVER = /[^\n\u0008]\u0008/g;

/** Text as people see it: one form for each letter, no unseen signs, no runs of blanks, no more than one empty line. */
export function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_END, '\n')
    .replace(MOVES, ' ')
    .replace(MARKS, '')
    .replace(UNSEEN, '')
    .replace(STRUCK_OVER, '')
    .replace(CONTROL, ' ')
    .replace(PACKED_BYTES, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .normalize('NFC')
    .trim();
}
