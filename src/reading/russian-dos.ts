/** The letters of Russia's DOS as Node knows them. */
export const RUSSIAN_DOS = 'ibm866';
const LETTERS = /[\x80-\xaf\xe0-\xf1]/g;
/** The first half of the small ones: most texts have as many of them as of the others, or no small ones. */
const [SMALL, CAPITAL] = [/[\xa0-\xaf]/g, /[\x80-\x9f]/g];
const NEARLY_ALL = 0.95;
/** Fewer say nothing; and of Western letters, hardly two stand together. */
const [LEAST, LEAST_TOGETHER] = [12, 3];
const WORDS = /\p{L}+/gu;
/** Capitals stand in front, or everywhere. */
const WRITTEN = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u;
/** Most words have a vowel, and one letter is a word only if it is one of these. */
const [VOWEL, SINGLE] = [/[аеёиоуыэюя]/i, /^[авикосужбя]$/i];
/** Blanks that break no line, and other signs of Windows that stand there for a line: all of them are letters here. */
const ONE_AGAIN = /(.)\1\1/u;
const MOST = 0.8;

/**
 * Whether a text, or names, are in the letters of Russia's DOS (code page 866): tables that Excel saved for it, what programs told a console. Those of other
 * encodings would be others, or capitals in the midst of words.
 */
export function isRussianDos(bytes: Buffer, least = LEAST): boolean {
  const runs = bytes.toString('latin1').match(/[\x80-\xff]+/g) ?? [];
  const all = runs.join('');
  const many = (letters: RegExp) => all.match(letters)?.length ?? 0;
  if (all.length < least || all.length < runs.length * LEAST_TOGETHER) return false;
  if (many(LETTERS) < all.length * NEARLY_ALL) return false;
  if (many(SMALL) * 3 < all.length && many(CAPITAL) < all.length) return false;
  const words = new TextDecoder(RUSSIAN_DOS).decode(Buffer.from(runs.join(' '), 'latin1')).match(WORDS) ?? [];
  return words.filter(isWord).join('').length >= words.join('').length * MOST;
}

function isWord(word: string): boolean {
  if (word.length === 1) return SINGLE.test(word);
  return WRITTEN.test(word) && VOWEL.test(word) && !ONE_AGAIN.test(word);
}
