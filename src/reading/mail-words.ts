/** Words of a head that are written in ASCII, one after the other, that say the same charset. */
export interface Words {
  charset: string;
  /** Their bytes together: some programs cut a letter in two, and write its halves into two words. */
  bytes: Buffer;
  /** How many they are. */
  count: number;
}

/** A word of a head that is written in ASCII (RFC 2047). */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{0,40})?\?([qb])\?([^?\n]*)\?=/gi;
/** What may stand between two of them, and is not shown (chapter 6.2). */
const GAP = /^\s*$/;

/** Writes words of a head anew where `written` gives their text; null leaves them as they are. */
export function rewrittenWords(head: string, written: (words: Words) => string | null): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { charset, parts, begin, end } of rowsIn(head)) {
    const text = written({ charset, bytes: Buffer.concat(parts), count: parts.length });
    if (text === null) continue;
    pieces.push(head.slice(from, begin), `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
    from = end;
  }
  return pieces.length === 0 ? head : pieces.join('') + head.slice(from);
}

interface Row {
  charset: string;
  parts: Buffer[];
  begin: number;
  end: number;
}

function rowsIn(head: string): Row[] {
  const rows: Row[] = [];
  for (const { 0: word, 1: name = '', 2: packing = '', 3: packed = '', index: begin } of head.matchAll(
    WORD,
  )) {
    const charset = name.toLowerCase();
    const part = unpackedWord(packing, packed);
    const end = begin + word.length;
    const last = rows.at(-1);
    if (last?.charset === charset && GAP.test(head.slice(last.end, begin))) {
      last.parts.push(part);
      last.end = end;
    } else rows.push({ charset, parts: [part], begin, end });
  }
  return rows;
}

function unpackedWord(packing: string, packed: string): Buffer {
  return packing.toLowerCase() === 'b'
    ? unpacked(Buffer.from(packed), 'base64')
    : unpacked(Buffer.from(packed.replaceAll('_', ' ')), 'quoted');
}

/** Bytes of a mail that are packed into ASCII (RFC 2045, chapter 6). */
export function unpacked(body: Buffer, packing: string): Buffer {
  // Some programs fill up every line.
  if (/base64/.test(packing))
    return Buffer.concat(
      body
        .toString('latin1')
        .split(/=+/)
        .map((part) => Buffer.from(part, 'base64')),
    );
  if (!/quoted/.test(packing)) return body;
  const bytes = body
    .toString('latin1')
    .replace(/=[ \t]{0,100}\r?\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
  return Buffer.from(bytes, 'latin1');
}
