import { lettersOfDos } from './dos.ts';
import { encodingOf } from './guess-encoding.ts';
import { isRussianDos, RUSSIAN_DOS } from './russian-dos.ts';

/** Letters beyond ASCII that stand together; the second byte of one of Japan's or China's may be one of ASCII. */
const TOGETHER = /(?:[\x80-\xff][\x40-\x7e]?)+/g;
/** Fewer bytes say nothing; of Western names, hardly two letters stand together. */
const [LEAST, LEAST_TOGETHER] = [6, 4];
/** Guesses go by how often letters are; of a few letters, none is made. */
const TIMES = 10;
/** What programs of other countries write names in. */
const WRITTEN_IN = /^(?:shift_jis|gbk|gb18030|big5|euc-kr|euc-jp|windows-1251|koi8-u)$/;

/**
 * What the names in a zip file are in that do not say so and are not UTF-8, as Windows writes them in Russia, Japan, China and Korea; null for those
 * of the West, in which such names are by the zip format.
 */
export function encodingOfNames(names: readonly Buffer[]): string | null {
  const all = Buffer.concat(names.flatMap((name) => [name, Buffer.from('\n')]));
  const rows = all.toString('latin1').match(TOGETHER) ?? [];
  const letters = rows.join('');
  if (letters.length < LEAST || letters.length < rows.length * LEAST_TOGETHER) return null;
  if (lettersOfDos(all) * 2 > (letters.match(/[\x80-\xff]/g)?.length ?? 0)) return null;
  if (isRussianDos(all, LEAST)) return RUSSIAN_DOS;
  const guess = encodingOf(Buffer.concat(Array(TIMES).fill(all)));
  return WRITTEN_IN.test(guess) ? guess : null;
}
