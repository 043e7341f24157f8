import { detect } from 'chardet';
import { ReadingError } from './reading.ts';

/**
 * Bytes as text, as they come. The encoding is what the bytes begin with (a byte order mark), else what the document declares,
 * else UTF-8 if they are that, else what their statistics say; Windows-1252 when nothing speaks against it. While there are
 * only ASCII letters nothing is decided, as all encodings share them. Throws `ReadingError` for what is no text.
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer | string>,
  declared: (beginning: string) => string | undefined = () => undefined,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let isFirst = true;
  for await (const chunk of inPieces(chunks)) {
    const label = isFirst ? (markOf(chunk) ?? known(declared(chunk.toString('latin1', 0, 4_096)))) : null;
    if (isFirst && label == null && isBinary(chunk))
      throw new ReadingError('not_readable', 'This is no text.');
    isFirst = false;
    if (label != null) decoder = new TextDecoder(label);
    if (decoder === null && !isPlain(chunk)) decoder = new TextDecoder(encodingOf(chunk));
    // Some programs have their text in front, and then what only they can read.
    if (!decoder?.encoding.startsWith('utf-16') && chunk.includes(0)) return;
    yield decoder === null ? chunk.toString('latin1') : decoder.decode(chunk, { stream: true });
  }
  if (decoder !== null) yield decoder.decode();
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

function known(label: string | undefined): string | null {
  if (label === undefined) return null;
  try {
    // A page that could be read so far as to declare UTF-16 is not in UTF-16.
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return null;
  }
}

/** UTF-16 without a mark: in most texts every other byte is nought. */
function wideOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | null {
  const noughts = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === 0) (noughts[at % 2] as number) += 1;
  const [even = 0, odd = 0] = noughts.map((count) => count / (bytes.length / 2));
  if (odd > 0.3 && even < 0.05) return 'utf-16le';
  if (even > 0.3 && odd < 0.05) return 'utf-16be';
  return null;
}

/** Whether it has signs that no text has, but for the one that begins a colour or a Japanese letter in it (27). */
export function isBinary(bytes: Buffer): boolean {
  if (wideOf(bytes) !== null) return false;
  let odd = 0;
  for (const byte of bytes) {
    if (byte === 0) return true;
    if (byte < 8 || (byte > 13 && byte < 32 && byte !== 27)) odd += 1;
  }
  return odd > 4 + bytes.length / 50;
}

const SHIFT_TO_JAPANESE = Buffer.from('\x1b$');

/** Whether all encodings read it alike. */
function isPlain(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 128 && byte !== 0) && !bytes.includes(SHIFT_TO_JAPANESE);
}

function encodingOf(bytes: Buffer): string {
  const wide = wideOf(bytes);
  if (wide !== null) return wide;
  if (!bytes.includes(SHIFT_TO_JAPANESE) && isUtf8(bytes)) return 'utf-8';
  const guess = known(detect(bytes) ?? undefined);
  return guess === null || guess === 'utf-8' ? 'windows-1252' : guess;
}

/** A letter that the end cuts in two is no fault. */
function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
