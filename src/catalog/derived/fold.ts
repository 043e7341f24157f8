import { plainSigns } from '../../text/signs.ts';

/** Letters that have no plain form in Unicode, with the spelling of people who cannot type them. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', ı: 'i', þ: 'th', ħ: 'h', ŧ: 't', ŋ: 'n' },
  ...{ ĸ: 'k', ƒ: 'f', ɨ: 'i', ƀ: 'b', ǥ: 'g', ƶ: 'z', ƚ: 'l', ɏ: 'y', ɍ: 'r', ɉ: 'j', ɇ: 'e', ȼ: 'c' },
  // The same letter at the end of a word.
  ς: 'σ',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');

/**
 * Text as it is searched: lower-case, without accents, with plain signs (see `plainSigns`), one form of each
 * character. Both databases compare folded text byte by byte, so they find the same. Folding twice changes nothing
 * more. Stored text was folded by these rules: a change here needs a migration (see migrations/0015_folded.ts).
 */
export function fold(text: string): string {
  if (!HAS_MORE.test(text)) return text.toLowerCase();
  let folded = text;
  // One round turns wide signs into plain ones, which may be a part of something in the next round.
  for (let round = 0; round < ROUNDS; round++) {
    const before = folded;
    folded = plainSigns(before)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .normalize('NFC');
    if (folded === before || !HAS_MORE.test(folded)) break;
  }
  return folded;
}

const ROUNDS = 4;

/**
 * Whether more than the case is to be changed. Not where there are only single spaces and dashes, and signs of ASCII that people see and
 * that stand for nothing else, as `&`, `:` and the grave accent may.
 */
const HAS_MORE = /[^ !-%'-9;-_a-~]| {2}|--/;

/** The text that finds a file: its name and its title, each on its own line. */
export function foldFile(file: { name: string | null; title: string | null }): string {
  const line = (text: string | null) =>
    fold(text ?? '')
      .replace(/\0/g, ' ')
      .trim();
  return `${line(file.name)}\n${line(file.title)}\n`;
}
