/** The letters of Russia's DOS as Node knows them. */
export const RUSSIAN_DOS = 'ibm866';
const LETTERS = /[\x80-\xaf\xe0-\xf1]/g;
/** The first half of the small ones: most texts have as many of them as of the others. */
const SMALL = /[\xa0-\xaf]/g;
const NEARLY_ALL = 0.95;
/** Fewer say nothing; and of Western letters, hardly two stand together. */
const [LEAST, LEAST_TOGETHER] = [12, 3];
const WORDS = /\p{L}+/gu;
/** Capitals stand in front, or everywhere. */
const WRITTEN = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u;

/** Bytes beyond ASCII, as Latin-1 shows them, nearly all of which are letters there; other encodings have other ones, too. */
export function areOfRussianDos(letters: string): boolean {
  return (letters.match(LETTERS)?.length ?? 0) >= letters.length * NEARLY_ALL;
}

/** Whether a text is in the letters of Russia's DOS (code page 866): tables that Excel saved for it, what programs told a console. */
export function isRussianDos(bytes: Buffer): boolean {
  const runs = bytes.toString('latin1').match(/[\x80-\xff]+/g) ?? [];
  const letters = runs.join('');
  if (letters.length < LEAST || letters.length < runs.length * LEAST_TOGETHER) return false;
  if (!areOfRussianDos(letters) || (letters.match(SMALL)?.length ?? 0) * 3 < letters.length) return false;
  const words = new TextDecoder(RUSSIAN_DOS).decode(Buffer.from(runs.join(' '), 'latin1')).match(WORDS) ?? [];
  return words.filter((word) => WRITTEN.test(word)).length >= words.length * NEARLY_ALL;
}
