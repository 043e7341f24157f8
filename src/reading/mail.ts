import type { Address, Attachment, Email } from 'postal-mime';
import { guessedText, withToldLetters } from './mail-letters.ts';
import { openTexts, type Texts } from './mail-page.ts';
import { textsOf } from './mail-texts.ts';
import { Enough, type Output } from './output.ts';
import type { Source } from './source.ts';

/** The rest of a longer mail is bytes of its attachments. */
const MOST_BYTES = 64 * 1024 ** 2;
/** What some programs put in front of a mail (UTF-8's byte order mark as Latin-1 shows it, empty lines); a mail without a head begins so, too. */
const IN_FRONT = /^(?:\xef\xbb\xbf)?[\r\n]{0,100}(?=[\w-]{1,100}:)/;

/** A mail: its subject, who wrote it to whom, its text, and the names of its attachments. */
export async function readMail(source: Source, out: Output): Promise<void> {
  const bytes = await source.read(0, MOST_BYTES);
  const inFront = IN_FRONT.exec(bytes.toString('latin1', 0, 1_000))?.[0].length ?? 0;
  const { mail, said } = await textsOf(await withToldLetters(bytes.subarray(inFront)));
  const writer = openTexts(out);
  writeHead(mail, out);
  for (const { texts, pages, mail: inner } of said) {
    out.write('\n');
    if (inner !== undefined) writeHead(inner, out);
    for (const text of texts) writer.text(text);
    if (pages.length > 0) writer.page(pages.join('\n'));
  }
  if (said.length === 0) await writeUnknown(mail.attachments, writer, out);
  for (const one of mail.attachments) out.write(`\n${await nameOf(one)}`);
  if (source.bytes > bytes.length) throw new Enough();
}

function writeHead({ subject, from, sender, to, cc, bcc }: Email, out: Output): void {
  const people = [from, sender, ...(to ?? []), ...(cc ?? []), ...(bcc ?? [])];
  const names = people.flatMap((one) => (one === undefined ? [] : written(one)));
  for (const line of [subject, ...new Set(names)]) if (line) out.write(`${line}\n`);
}

function written(person: Address): string[] {
  if (person.group !== undefined) return [person.name, ...person.group.flatMap(written)];
  return [`${person.name} ${person.address ?? ''}`.trim()];
}

/** A head is hardly longer. In bytes. */
const HEAD = 65_536;

/** An attached mail without a name is called as it is about. */
async function nameOf({ filename, mimeType, content }: Attachment): Promise<string> {
  if (filename || mimeType !== 'message/rfc822') return filename ?? '';
  const head = Buffer.from(content as ArrayBuffer).subarray(0, HEAD);
  return textsOf(head).then(
    ({ mail }) => mail.subject ?? '',
    () => '',
  );
}

/** In a mail without a text or page, parts without a name are it if they are some other text: of a type that nobody knows, or an invitation. */
async function writeUnknown(parts: readonly Attachment[], writer: Texts, out: Output): Promise<void> {
  for (const { filename, mimeType, content } of parts) {
    if (filename || !/^$|text|html/i.test(mimeType)) continue;
    const isPage = /html/i.test(mimeType);
    const text = (await guessedText(Buffer.from(content as ArrayBuffer), isPage)) ?? '';
    out.write('\n');
    if (isPage) writer.page(text);
    else writer.text(text);
  }
}
