import { isAscii, isUtf8 } from 'node:buffer';
import { DOS, decoderOf } from './dos.ts';
import { decoded, isThin } from './encoding.ts';
import { encodingOf, known, SHIFT_TO_JAPANESE } from './guess-encoding.ts';
import { declaredInHtml } from './html.ts';
import { contentOf, LONGEST_HEAD, mailParts } from './mail-parts.ts';
import { ReadingError } from './reading.ts';
import { fromUtf7 } from './utf7.ts';

/** These tell nothing of letters beyond ASCII, or not surely. */
const TOLD_NOTHING =
  /^(?:|us-ascii|ascii|ansi_x3\.4-1968|utf-?8|unknown|unknown-8bit|x-unknown|x-user-defined|8bit|binary|default|none)$/;
const UTF_8_OR_NONE = /^(?:|utf-?8)$/;
const UTF_7 = /utf-?7$/;
const UTF_7_LABEL = 'utf-7';
const CHARSET = /charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})/i;
/** So much of a mail, or of what follows a head, is looked at for a charset. In bytes. */
const BEGINNING = 16_384;
const NEXT = 4_096;
/** A text is decoded in pieces of this length. */
const PIECE = 65_536;
/** A longer text stays as it is. In bytes. */
const LONGEST = 16 * 1024 ** 2;

/**
 * A mail whose letters all are UTF-8, or in what their part says: many programs say nothing, or that there are none beyond ASCII, and write
 * them into heads as they are. Those are told apart as in a text.
 */
export async function withToldLetters(mail: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let [from, at] = [0, 0];
  for (const { head, body, rest } of mailParts(mail)) {
    const told = toldHead(head, mail);
    const text = await textIn(told, body);
    const end = at + head.length + body.length;
    if (told !== head || text !== null) {
      pieces.push(mail.subarray(from, at), ...(text === null ? [told, body] : asUtf8(told, text)));
      from = end;
    }
    at = end + rest.length;
  }
  return pieces.length === 0 ? mail : Buffer.concat([...pieces, mail.subarray(from)]);
}

/** What is said next of letters: for a head as it stands, a mail in the mail has its own. Else what the mail says first. */
function labelOf(head: Buffer, mail: Buffer): string | null {
  const at = head.byteOffset - mail.byteOffset;
  const next = CHARSET.exec(mail.toString('latin1', at, at + head.length + NEXT));
  const charset = (next ?? CHARSET.exec(mail.toString('latin1', 0, BEGINNING)))?.[1]?.toLowerCase() ?? '';
  // A head is in no encoding of two bytes a letter.
  return TOLD_NOTHING.test(charset) || /^utf-?16|^ucs/.test(charset) ? null : known(charset);
}

const guessed = (bytes: Buffer) => (isThin(bytes) ? 'windows-1252' : encodingOf(bytes));

const isPlain = (bytes: Buffer) => isAscii(bytes) && !bytes.includes(SHIFT_TO_JAPANESE);

const LINE = /[^\n]*\n|[^\n]+$/g;
/** A word of a head that is written in ASCII (RFC 2047). */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{0,40})?\?([qb])\?([^?\n]*)\?=/gi;

function toldHead(head: Buffer, mail: Buffer): Buffer {
  if (head.length > LONGEST_HEAD || (isPlain(head) && !head.includes('=?'))) return head;
  const lines = head.toString('latin1');
  const raw: string[] = [];
  for (const [line] of lines.matchAll(LINE)) if (isRaw(Buffer.from(line, 'latin1'))) raw.push(line);
  const letters = Buffer.from(raw.join(''), 'latin1');
  const decoder = decoderOf(letters.length > 0 ? (labelOf(head, mail) ?? guessed(letters)) : 'utf-8');
  const toldLine = (line: string) => {
    const bytes = Buffer.from(line, 'latin1');
    return isRaw(bytes) ? decoder.decode(bytes) : bytes.toString('utf8');
  };
  const told = Buffer.from(lines.replace(LINE, toldLine).replace(WORD, toldWord));
  return told.equals(head) ? head : told;
}

/** Whether a line of a head has letters that are not in UTF-8. */
const isRaw = (line: Buffer) => !isPlain(line) && (isAscii(line) || !isUtf8(line));

function toldWord(word: string, charset: string, packing: string, packed: string): string {
  const isBase64 = packing.toLowerCase() === 'b';
  const bytes = unpacked(
    Buffer.from(isBase64 ? packed : packed.replaceAll('_', ' ')),
    isBase64 ? 'base64' : 'quoted',
  );
  const label = labelFor(charset, bytes);
  const text = label === GUESSED ? decoderOf(guessed(bytes)).decode(bytes) : label && decode(bytes, label);
  return text === null ? word : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** The text of a part that would not be read right as it is; null for any other. */
async function textIn(head: Buffer, body: Buffer): Promise<string | null> {
  const { type, charset = '', packing } = contentOf(head);
  if (!/^text\/(?:plain|html)$/.test(type) || body.length === 0 || body.length > LONGEST) return null;
  if (isTold(charset)) return null;
  const bytes = unpacked(body, packing);
  const label = labelFor(charset, bytes);
  if (label !== GUESSED) return label && decode(bytes, label);
  const texts: string[] = [];
  try {
    const declared = type === 'text/html' ? declaredInHtml : undefined;
    for await (const text of decoded(piecesOf(bytes), declared)) texts.push(text);
  } catch (error) {
    if (error instanceof ReadingError) return null;
    throw error;
  }
  return texts.join('');
}

const GUESSED = 'guessed';

/** What bytes are in that say so, and that others do not know or believe; null where they do, or it makes no difference. */
function labelFor(charset: string, bytes: Buffer): string | null {
  const name = charset.toLowerCase();
  if (UTF_7.test(name)) return UTF_7_LABEL;
  if (known(name) === DOS) return DOS;
  if (isTold(name) || isPlain(bytes)) return null;
  return UTF_8_OR_NONE.test(name) && isUtf8(bytes) && !isAscii(bytes) ? null : GUESSED;
}

const isTold = (charset: string) =>
  !TOLD_NOTHING.test(charset) && !UTF_7.test(charset) && known(charset) !== DOS;

const decode = (bytes: Buffer, label: string) =>
  label === UTF_7_LABEL ? fromUtf7(bytes.toString('latin1')) : decoderOf(label).decode(bytes);

function unpacked(body: Buffer, packing: string): Buffer {
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

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** The same part with this text. Of a field that stands twice, the first counts. */
function asUtf8(head: Buffer, text: string): Buffer[] {
  const { type, more } = contentOf(head);
  const said = `Content-Type: ${type}; charset=utf-8${more}\r\nContent-Transfer-Encoding: base64\r\n`;
  return [Buffer.from(said), head, Buffer.from(`${Buffer.from(text).toString('base64')}\r\n`)];
}
