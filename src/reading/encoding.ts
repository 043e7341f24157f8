import { type Decoder, decoderOf } from './dos.ts';
import { encodingOf, isUtf8, known, SHIFT_TO_JAPANESE, wideOf } from './guess-encoding.ts';
import { withoutNarrow, withoutWide } from './mixed-widths.ts';
import { noughtsIn, withoutNoughts } from './noughts.ts';
import { ReadingError } from './reading.ts';

/**
 * Bytes as text, as they come. The encoding is what the bytes begin with (a byte order mark), else what the document declares,
 * else UTF-8 if they are nearly that, else what their statistics say; Windows-1252 when nothing speaks against it. While there
 * are only ASCII letters nothing is decided, as all encodings share them, and little while there are few others. Throws `ReadingError`
 * for what is no text.
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer | string>,
  declared: (beginning: string) => string | undefined = () => undefined,
): AsyncGenerator<string> {
  let decoder: Decoder | null = null;
  let isFirst = true;
  // A letter that was cut in two while nothing was decided.
  let cut: Buffer = Buffer.alloc(0);
  // Noughts that are no half of a letter.
  let hasGaps = false;
  // Pieces in a row that are no text.
  let broken = 0;
  for await (const piece of inPieces(chunks)) {
    const all = cut.length > 0 ? Buffer.concat([cut, piece]) : piece;
    const mark = isFirst ? markOf(all) : null;
    const wide: string | null = mark ?? decoder?.encoding ?? (hasGaps ? null : wideOf(all));
    const isWide: boolean = wide?.startsWith('utf-16') === true;
    const bytes: Buffer = wide === 'utf-16le' ? withoutNarrow(all) : isWide ? all : withoutWide(all);
    const isGap: boolean = !isWide && bytes.includes(0);
    hasGaps ||= isGap;
    if (isGap && noughtsIn(bytes).others === 0) continue;
    const chunk = isGap ? withoutNoughts(bytes) : bytes;
    const label = mark ?? (isFirst ? narrow(declared(chunk.toString('latin1', 0, 4_096))) : null);
    if (isFirst && label == null && isBinary(bytes)) throw noText();
    // A disk's broken block; or a program has its text in front, and then what only it can read.
    if ((isGap || broken > 0) && isBinary(bytes)) {
      broken += 1;
      if (broken > MOST_BROKEN) return;
      cut = Buffer.alloc(0);
      continue;
    }
    broken = 0;
    if (label != null) decoder = decoderOf(label);
    // Of a longer text, the next piece may say more.
    const isAll = isFirst && piece.length < LEAST;
    if (decoder === null && !isPlain(chunk) && (isAll || !isThin(chunk)))
      decoder = decoderOf(encodingOf(chunk));
    isFirst = false;
    cut = decoder === null ? cutOf(chunk) : Buffer.alloc(0);
    const whole = chunk.subarray(0, chunk.length - cut.length);
    yield decoder === null ? western(whole) : decoder.decode(whole, { stream: true });
  }
  if (isFirst && hasGaps) throw noText();
  yield decoder === null ? western(cut) : decoder.decode();
}

const noText = () => new ReadingError('not_readable', 'This is no text.');

const western = (bytes: Buffer) => new TextDecoder('windows-1252').decode(bytes);

/** Fewer bytes beyond ASCII decide nothing, unless they are a letter of UTF-8. */
const FEW = 4;

/** Whether they say too little, so that they are taken for Western ones. */
export function isThin(bytes: Buffer): boolean {
  // Of UTF-16, every other byte says enough.
  if (wideOf(bytes) !== null) return false;
  let others = 0;
  for (const byte of bytes) others += Number(byte > 127);
  return others < FEW && !bytes.includes(SHIFT_TO_JAPANESE) && !isUtf8(bytes);
}

/** So many pieces that are no text may stand in the midst of one. */
const MOST_BROKEN = 4;

/** What may be the beginning of a letter in UTF-8, at the end. */
function cutOf(bytes: Buffer): Buffer {
  let at = bytes.length;
  while (at > bytes.length - 3 && at > 0 && ((bytes[at - 1] as number) & 0xc0) === 0x80) at -= 1;
  return at > 0 && (bytes[at - 1] as number) >= 0xc2 ? bytes.subarray(at - 1) : bytes.subarray(bytes.length);
}

/** Small pieces say too little about an encoding. */
const LEAST = 16_384;

async function* inPieces(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(Buffer.from(chunk as Buffer));
    bytes += chunk.length;
    if (bytes < LEAST) continue;
    yield Buffer.concat(held);
    [held, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(held);
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** A page that could be read so far as to declare UTF-16 is not in UTF-16. */
function narrow(declared: string | undefined): string | null {
  const label = known(declared);
  return label?.startsWith('utf-16') ? 'utf-8' : label;
}

/** Whether it has signs that no text has, but for the one that begins a colour or a Japanese letter in it (27), and the end of a link (7). */
export function isBinary(bytes: Buffer): boolean {
  if (wideOf(bytes) !== null) return false;
  let [odd, blanks] = [0, 0];
  for (const byte of bytes) {
    if (byte === 32 || (byte > 8 && byte < 14)) blanks += 1;
    else if (byte > 0 && (byte < 7 || (byte > 13 && byte < 32 && byte !== 27))) odd += 1;
  }
  const { gaps, others } = noughtsIn(bytes);
  if (gaps === 0) return odd > 4 + bytes.length / 50;
  return (
    odd > 0 ||
    isTar(bytes) ||
    gaps > 1 + others / FEWEST_TO_A_GAP ||
    blanks < Math.floor(others / LONGEST_WORD)
  );
}

/** A text with noughts in it is one if it has no other such sign, many letters to each row of noughts, and blanks or lines. */
const FEWEST_TO_A_GAP = 16;
const LONGEST_WORD = 200;

/** An archive of Unix has texts as they are, and others; its mark stands there (POSIX.1-2024, pax: ustar Interchange Format). */
const isTar = (bytes: Buffer) => bytes.toString('latin1', 257, 262) === 'ustar';

/** Whether all encodings read it alike. */
function isPlain(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 128 && byte !== 0) && !bytes.includes(SHIFT_TO_JAPANESE);
}
