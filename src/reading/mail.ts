import PostalMime, { type Address } from 'postal-mime';
import { withToldLetters } from './mail-letters.ts';
import { writePage } from './mail-page.ts';
import { Enough, type Output } from './output.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

/** The rest of a longer mail is bytes of its attachments. */
const MOST_BYTES = 64 * 1024 ** 2;
/** A mail in a mail in a mail. */
const DEEPEST = 32;

/** A mail: its subject, who wrote it to whom, its text, and the names of its attachments. */
export async function readMail(source: Source, out: Output): Promise<void> {
  const bytes = await source.read(0, MOST_BYTES);
  const mail = await PostalMime.parse(await withToldLetters(bytes), { maxNestingDepth: DEEPEST }).catch(
    (cause: unknown) => {
      throw new ReadingError('damaged', 'The mail cannot be read.', { cause });
    },
  );
  const { subject, from, sender, to, cc, text, html, attachments } = mail;
  const people = [from, sender, ...(to ?? []), ...(cc ?? [])].filter((one) => one !== undefined);
  for (const line of [subject, ...new Set(people.flatMap(written))]) if (line) out.write(`${line}\n`);
  out.write('\n');
  if (text) out.write(text);
  if (html) writePage(html, text ?? '', out);
  for (const { filename } of attachments) if (filename) out.write(`\n${filename}`);
  if (source.bytes > bytes.length) throw new Enough();
}

function written(person: Address): string[] {
  if (person.group !== undefined) return [person.name, ...person.group.flatMap(written)];
  return [`${person.name} ${person.address ?? ''}`.trim()];
}
