import { isAscii, isUtf8 } from 'node:buffer';
import { decoderOf } from './dos.ts';
import { decoded, isThin } from './encoding.ts';
import { encodingOf, known, SHIFT_TO_JAPANESE } from './guess-encoding.ts';
import { declaredInHtml } from './html.ts';
import { isStandard, plainLabel } from './labels.ts';
import { contentOf, LONGEST_HEAD, mailParts } from './mail-parts.ts';
import { rewrittenWords, unpacked, type Words } from './mail-words.ts';
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
  const first = charsetIn(mail.toString('latin1', 0, BEGINNING));
  for (const { head, body, rest } of mailParts(mail)) {
    const told = toldHead(head, () => labelOf(head, mail, first));
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
function labelOf(head: Buffer, mail: Buffer, first: string | undefined): string | null {
  const at = head.byteOffset - mail.byteOffset;
  const charset = charsetIn(mail.toString('latin1', at, at + head.length + NEXT)) ?? first ?? '';
  // A head is in no encoding of two bytes a letter.
  return TOLD_NOTHING.test(charset) || /^utf-?16|^ucs/.test(charset) ? null : known(charset);
}

const charsetIn = (text: string) => CHARSET.exec(text)?.[1]?.toLowerCase();

const guessed = (bytes: Buffer) => (isThin(bytes) ? 'windows-1252' : encodingOf(bytes));

const isPlain = (bytes: Buffer) => isAscii(bytes) && !bytes.includes(SHIFT_TO_JAPANESE);

const LINE = /[^\n]*\n|[^\n]+$/g;
function toldHead(head: Buffer, label: () => string | null): Buffer {
  if (head.length > LONGEST_HEAD || (isPlain(head) && !head.includes('=?'))) return head;
  const lines = head.toString('latin1');
  const raw: string[] = [];
  for (const [line] of lines.matchAll(LINE)) if (isRaw(Buffer.from(line, 'latin1'))) raw.push(line);
  const letters = Buffer.from(raw.join(''), 'latin1');
  const decoder = decoderOf(letters.length > 0 ? (label() ?? guessed(letters)) : 'utf-8');
  const toldLine = (line: string) => {
    const bytes = Buffer.from(line, 'latin1');
    return isRaw(bytes) ? decoder.decode(bytes) : bytes.toString('utf8');
  };
  const told = Buffer.from(rewrittenWords(lines.replace(LINE, toldLine), toldWords));
  return told.equals(head) ? head : told;
}

/** Whether a line of a head has letters that are not in UTF-8. */
const isRaw = (line: Buffer) => !isPlain(line) && (isAscii(line) || !isUtf8(line));

/** Those that are cut are put together here, as others put them together in some cases only. */
function toldWords({ charset, bytes, count }: Words): string | null {
  const label = labelFor(charset, bytes) ?? (count > 1 ? known(charset) : null);
  if (label === GUESSED) return decoderOf(guessed(bytes)).decode(bytes);
  return label && decode(bytes, label);
}

/** The text of a part that would not be read right as it is; null for any other. */
async function textIn(head: Buffer, body: Buffer): Promise<string | null> {
  const { type, charset = '', packing } = contentOf(head);
  if (!/^text\/(?:plain|html)$/.test(type) || body.length === 0 || body.length > LONGEST) return null;
  if (isTold(charset)) return null;
  const bytes = unpacked(body, packing);
  const label = labelFor(charset, bytes);
  if (label !== GUESSED) return label && decode(bytes, label);
  return guessedText(bytes, type === 'text/html');
}

/** Bytes that say nothing of their letters; null where they are no text. */
export async function guessedText(bytes: Buffer, isPage: boolean): Promise<string | null> {
  const texts: string[] = [];
  try {
    for await (const text of decoded(piecesOf(bytes), isPage ? declaredInHtml : undefined)) texts.push(text);
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
  if (isTold(name)) return null;
  const plain = plainLabel(name);
  const label = TOLD_NOTHING.test(plain) ? null : known(plain);
  if (label !== null) return label;
  if (isPlain(bytes)) return null;
  return UTF_8_OR_NONE.test(name) && isUtf8(bytes) && !isAscii(bytes) ? null : GUESSED;
}

/** Whether it is a name that everybody knows. */
const isTold = (charset: string) => !TOLD_NOTHING.test(charset) && isStandard(charset);

const decode = (bytes: Buffer, label: string) =>
  label === UTF_7_LABEL ? fromUtf7(bytes.toString('latin1')) : decoderOf(label).decode(bytes);

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** The same part with this text. Of a field that stands twice, the first counts. */
function asUtf8(head: Buffer, text: string): Buffer[] {
  const { type, more } = contentOf(head);
  const said = `Content-Type: ${type}; charset=utf-8${more}\r\nContent-Transfer-Encoding: base64\r\n`;
  return [Buffer.from(said), head, Buffer.from(`${Buffer.from(text).toString('base64')}\r\n`)];
}
