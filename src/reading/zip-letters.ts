import { lettersOfDos } from './dos.ts';
import { encodingOf } from './guess-encoding.ts';
import { areOfRussianDos, RUSSIAN_DOS } from './russian-dos.ts';

/** Fewer letters beyond ASCII say nothing; of Western names, hardly two stand together. */
const [LEAST, LEAST_TOGETHER] = [6, 2];
/** What programs of other countries write names in. */
const WRITTEN_IN = /^(?:shift_jis|gbk|gb18030|big5|euc-kr|euc-jp|windows-1251|koi8-r)$/;

/**
 * What the names in a zip file are in that do not say so and are not UTF-8, as Windows writes them in Russia, Japan, China and Korea; null for those
 * of the West, in which such names are by the zip format.
 */
export function encodingOfNames(names: readonly Buffer[]): string | null {
  const all = Buffer.concat(names.flatMap((name) => [name, Buffer.from('\n')]));
  const letters = all.toString('latin1').match(/[\x80-\xff]+/g) ?? [];
  const count = letters.join('').length;
  if (count < LEAST || count < letters.length * LEAST_TOGETHER || lettersOfDos(all) * 2 > count) return null;
  if (areOfRussianDos(letters.join(''))) return RUSSIAN_DOS;
  const guess = encodingOf(all);
  return WRITTEN_IN.test(guess) ? guess : null;
}
