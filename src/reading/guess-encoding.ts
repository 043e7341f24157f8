import { analyse } from 'chardet';
import { decoderOf } from './dos.ts';
import { isRussianDos, RUSSIAN_DOS } from './russian-dos.ts';
import { likeliestOfWest } from './western.ts';

/** An encoding as Node names it; null for one that it does not know. */
export function known(label: string | undefined): string | null {
  if (label === undefined) return null;
  try {
    return decoderOf(label).encoding;
  } catch {
    return null;
  }
}

/** Japanese that shifts between its alphabets (ISO-2022-JP): its bytes are those of plain text. */
export const SHIFT_TO_JAPANESE = Buffer.from('\x1b$');

/** What text in no declared encoding most likely is in. */
export function encodingOf(bytes: Buffer): string {
  const wide = wideOf(bytes);
  if (wide !== null) return wide;
  if (!bytes.includes(SHIFT_TO_JAPANESE) && isUtf8(bytes)) return 'utf-8';
  if (isRussianDos(bytes)) return RUSSIAN_DOS;
  // What is said near the letters counts first; where that is Western, as most words are, all of the text is asked, too.
  const guessOf = (some: Buffer) =>
    analyse(some)
      .map(({ name }) => known(name === 'KOI8-R' ? OF_UKRAINE_TOO : name))
      .find((label) => label !== null && label !== 'utf-8' && isLikely(label, bytes));
  const near = guessOf(nearOthers(bytes));
  const guess = near === 'windows-1252' ? guessOf(bytes) : near;
  const west = likeliestOfWest(bytes, guess ?? 'windows-1252');
  // Guesses know no Macintosh and no DOS.
  const isWestern = guess == null || guess === 'windows-1252' || (ONE_BYTE.test(guess) && west.isSure);
  return isWestern ? withEuro(west.label, bytes) : guess;
}

/** It has the same letters, and those of Ukraine where the other has lines of tables (RFC 2319). */
const OF_UKRAINE_TOO = 'koi8-u';
/** Guesses go by all letters. Of a log or a program, most are English, whatever language its few sentences are in. */
const NEAR = 24;

/** What stands near bytes beyond ASCII; all of a text that has none, or whose letters are written in ASCII. */
function nearOthers(bytes: Buffer): Buffer {
  if (bytes.includes(SHIFT_TO_JAPANESE)) return bytes;
  const kept: Buffer[] = [];
  let [from, end] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] as number) < 128) continue;
    if (at - NEAR > end) {
      kept.push(bytes.subarray(from, end), BLANK);
      from = at - NEAR;
    }
    end = Math.min(bytes.length, at + NEAR);
  }
  return end === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(from, end)]);
}

const BLANK = Buffer.from(' ');

const ONE_BYTE = /^(?:windows|iso-8859)-/;

const MISSING = '\ufffd';

/**
 * Whether nearly all letters beyond ASCII are right: a log has a broken byte in it, a piece of text begins in the middle of a letter. By
 * chance, letters of another encoding are right in UTF-8 once in seven times, or less. A letter that the end cuts in two is no fault.
 */
export function isUtf8(bytes: Buffer): boolean {
  const { right, wrong } = lettersOf('utf-8', bytes);
  return right > 0 && wrong * 2 <= right;
}

/** Guesses go by how often letters follow each other. One that has no letters for many of the bytes is none. */
function isLikely(label: string, bytes: Buffer): boolean {
  const { right, wrong } = lettersOf(label, bytes);
  return wrong * 20 <= right;
}

/** How many letters beyond ASCII an encoding sees, and how often it sees none. */
function lettersOf(label: string, bytes: Buffer): { right: number; wrong: number } {
  const text = new TextDecoder(label).decode(bytes, { stream: true });
  let [right, wrong] = [0, 0];
  for (const letter of text) {
    if (letter === MISSING) wrong += 1;
    else if (letter > '\x7f') right += 1;
  }
  return { right, wrong };
}

/** Windows has signs there, Unix nothing. */
const SIGNS = /[\x80-\x9f]/;

/** Unix has a euro sign where Windows-1252 has ¤. */
function withEuro(label: string, bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return label === 'windows-1252' && text.includes('\xa4') && !SIGNS.test(text) ? 'iso-8859-15' : label;
}

/** Letters and what stands between them, signs of a font's own among these. What Unicode gives to nobody is none. */
const WRITTEN = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Co}\t-\r\u200b-\u200f\ufeff]/gu;
/** Of numbers that mean something else, so many are letters only by chance. */
const NEARLY_ALL = 0.995;
/** Fewer bytes say nothing. */
const LEAST_WIDE = 16;

/** Of UTF-16, hardly a byte in so many is a blank without a nought beside it; and of one whose bytes are nearly all signs of ASCII, half are noughts. */
const FEWEST_TO_A_BLANK = 25;

/** Whether letters have one byte, and the noughts among them mean nothing: two such letters may be one of China's. */
function isNarrow(bytes: Buffer): boolean {
  let [blanks, noughts, others] = [0, 0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0) noughts += 1;
    else if (byte > 126 || byte < 9 || (byte > 13 && byte < 32)) others += 1;
    else if (byte === 32 && bytes[at - 1] !== 0 && bytes[at + 1] !== 0) blanks += 1;
  }
  return (
    blanks * FEWEST_TO_A_BLANK > bytes.length ||
    (others * 20 < bytes.length - noughts && noughts * 3 < bytes.length)
  );
}

/**
 * UTF-16 without a mark: most text has blanks and line ends, of whose two bytes one is nought. Read the right way round, all of it is
 * letters, and more of them are plain.
 */
export function wideOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (bytes.length < LEAST_WIDE || !bytes.includes(0) || isNarrow(bytes)) return null;
  const [little, big] = (['utf-16le', 'utf-16be'] as const).map((label) => {
    const text = new TextDecoder(label).decode(bytes, { stream: true });
    const isText = (text.match(WRITTEN)?.join('').length ?? 0) >= text.length * NEARLY_ALL;
    return { label, plain: isText ? (text.match(/[\n\x20-\x7e]/g)?.length ?? 0) : 0 };
  });
  const best = (little?.plain ?? 0) >= (big?.plain ?? 0) ? little : big;
  return best !== undefined && best.plain > 0 ? best.label : null;
}
