import PostalMime, { type Address } from 'postal-mime';
import { htmlReader } from './html.ts';
import { Enough, type Output, openOutput } from './output.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

/** The rest of a longer mail is bytes of its attachments. */
const MOST_BYTES = 64 * 1024 ** 2;
/** A mail in a mail in a mail. */
const DEEPEST = 32;

/** A mail: its subject, who wrote it to whom, its text, and the names of its attachments. */
export async function readMail(source: Source, out: Output): Promise<void> {
  const bytes = await source.read(0, MOST_BYTES);
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: DEEPEST }).catch((cause: unknown) => {
    throw new ReadingError('damaged', 'The mail cannot be read.', { cause });
  });
  const { subject, from, sender, to, cc, text, html, attachments } = mail;
  const people = [from, sender, ...(to ?? []), ...(cc ?? [])].filter((one) => one !== undefined);
  for (const line of [subject, ...new Set(people.flatMap(written))]) if (line) out.write(`${line}\n`);
  out.write('\n');
  if (text) out.write(text);
  if (html && saysMore(html, text ?? '')) {
    out.write('\n\n');
    writeShown(html, out);
  }
  for (const { filename } of attachments) if (filename) out.write(`\n${filename}`);
  if (source.bytes > bytes.length) throw new Enough();
}

/** So many letters of a page are looked at. */
const LETTERS_LOOKED_AT = 200_000;
/** The share of a page's words that need not be in the text: a page has buttons and notices beside it. */
const MOST_NEW = 0.4;

/** Whether the page has what the text has not: some mails say in their text only that there is a page. */
function saysMore(html: string, text: string): boolean {
  const shown: string[] = [];
  const looked = openOutput({ letters: LETTERS_LOOKED_AT, give: (part) => void shown.push(part.text) });
  try {
    writeShown(html, looked);
    looked.end();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  const said = wordsOf(text);
  const words = [...wordsOf(shown.join('\n'))];
  return words.filter((word) => !said.has(word)).length > words.length * MOST_NEW;
}

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

function writeShown(html: string, out: Output): void {
  const page = htmlReader(out);
  page.write(html);
  page.end();
}

function written(person: Address): string[] {
  if (person.group !== undefined) return [person.name, ...person.group.flatMap(written)];
  return [`${person.name} ${person.address ?? ''}`.trim()];
}
