/**
 * Two programs that wrote into one file, each in its own way: Windows PowerShell adds UTF-16 to whatever is there (`>>`;
 * learn.microsoft.com: about_Character_Encoding), and others add to what it wrote.
 */

/** Letters of two bytes: the Western ones, and those of Greece, Russia, Israel and Arabia. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are halves of letters.
const WIDE = /(?:[\t\n\r\x20-\xff]\0|[^\0][\x03-\x06]){8,}/g;
/** A line of one byte a letter. No letters of two bytes have its end's bytes in a row: U+0A0D is nobody's, and beside it there are only rare ones. */
const NARROW = /(?:[\t\x20-\x7e]|\r?\n){6,}(?!\0)/g;
const END = '\r\n';

/** Letters of two bytes in a text of one byte a letter, as UTF-8. */
export function withoutWide(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return bytes;
  return changed(
    bytes,
    WIDE,
    (wide) => (wide.includes('\0') ? Buffer.from(wide, 'latin1').toString('utf16le') : null),
    'utf8',
  );
}

/** Lines of one byte a letter in a text of UTF-16 (its lesser byte first), as UTF-16. */
export function withoutNarrow(bytes: Buffer): Buffer {
  return changed(bytes, NARROW, (narrow) => (narrow.includes(END) ? narrow : null), 'utf16le');
}

/** The same bytes, but for pieces (as Latin-1 shows them) for which there is a text. */
function changed(
  bytes: Buffer,
  pieces: RegExp,
  textOf: (piece: string) => string | null,
  encoding: BufferEncoding,
): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  for (const { 0: piece, index } of bytes.toString('latin1').matchAll(pieces)) {
    const text = textOf(piece);
    if (text === null) continue;
    kept.push(bytes.subarray(from, index), Buffer.from(text, encoding));
    from = index + piece.length;
  }
  return from === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(from)]);
}
