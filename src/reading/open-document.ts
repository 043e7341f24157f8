import { hiddenElements } from './hidden-elements.ts';
import type { Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';
import { attribute, walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/** Newer programs lock a document as a whole: the real package is this one part (LibreOffice 24.2, package/source/zippackage). */
const PACKAGE = 'encrypted-package';
const MIMETYPE = /^application\/vnd\.oasis\.opendocument\./;

/** Whether these are the parts of an OpenDocument file: its first part says so (ODF 1.3, part 2, chapter 3.3). */
export async function isOpenDocument(parts: Parts): Promise<boolean> {
  if (!parts.has('mimetype') || !(parts.has('content.xml') || parts.has(PACKAGE))) return false;
  for await (const chunk of parts.open('mimetype')) return MIMETYPE.test(chunk.toString('latin1'));
  return false;
}

/** They stand among the styles; left pages and the first one have their own (ODF 1.3, part 3, chapter 16.11). */
const HEADERS_AND_FOOTERS = new Set(
  ['header', 'footer'].flatMap((name) => [name, `${name}-left`, `${name}-first`]),
);

/** OpenDocument's texts, tables and slides (ODF 1.3, part 3). Each slide is a page. */
export async function readOpenDocument(parts: Parts, out: Output, pieces: Pieces): Promise<void> {
  await refuseLocked(parts);
  await pieces.read(() => readContent(parts.open('content.xml'), out));
  out.page(null);
  await pieces.read(() => readContent(parts.open('styles.xml'), out, HEADERS_AND_FOOTERS));
}

/** The same in one piece, without a zip file around it. */
export function readFlatDocument(source: Source, out: Output): Promise<void> {
  return readContent(source.stream(), out);
}

/** A locked document has its parts as unreadable bytes, and says so in its list of them (ODF 1.3, part 2, chapter 4.4). */
async function refuseLocked(parts: Parts): Promise<void> {
  let isLocked = parts.has(PACKAGE);
  await walkXml(parts.open('META-INF/manifest.xml'), {
    open(tag) {
      if (tag === 'encryption-data') isLocked = true;
    },
  });
  if (isLocked) throw new ReadingError('password_protected', 'The document is locked.');
}

const PARAGRAPHS = new Set(['p', 'h']);
/** What was deleted while changes are tracked; pictures that stand in the text as letters; how a Japanese word is spoken. */
const SKIPPED = new Set(['tracked-changes', 'binary-data', 'ruby-text']);
/** They stand in the midst of a paragraph, and have their own. Beside these: a note's number, who wrote a comment and when. */
const NOTES = new Set(['note', 'annotation']);
/** What a picture is called, and shows. */
const CALLED = new Set(['title', 'desc']);

/** Fields of a form that hold text (ODF 1.3, part 3, chapter 13). A password's is another. */
const FIELDS = new Set(['text', 'textarea', 'formatted-text', 'combobox', 'number', 'date', 'time']);

/** What somebody wrote into a field of a form, or chose from its list. */
function filledIn(tag: string, attributes: Record<string, string>): string {
  if (FIELDS.has(tag)) return attribute(attributes, 'current-value') ?? '';
  const isChosen = tag === 'option' && attribute(attributes, 'current-selected') === 'true';
  return isChosen ? (attribute(attributes, 'label') ?? '') : '';
}

/** Reads paragraphs; with `only`, those within these elements. */
async function readContent(
  chunks: AsyncIterable<Buffer>,
  out: Output,
  only: ReadonlySet<string> | null = null,
): Promise<void> {
  let paragraphs = 0;
  /** How many are open around a note. */
  const around: number[] = [];
  let deleted = 0;
  let within = only === null ? 1 : 0;
  let pages = 0;
  let isSpreadsheet = false;
  // What was deleted stands aside, or in its place between two marks.
  const deletions = new Set<string>();
  let region = '';
  const isOfDeletion = (attributes: Record<string, string>) =>
    deletions.has(attribute(attributes, 'change-id') ?? '');
  const hidden = hiddenElements();
  const isShown = () => paragraphs > 0 && within > 0 && deleted === 0 && !hidden.isWithin();
  await walkXml(chunks, {
    open(tag, attributes) {
      hidden.open(tag, attributes);
      const written = only === null ? filledIn(tag, attributes) : '';
      if (written !== '') out.write(`${written}\n`);
      if (SKIPPED.has(tag)) deleted += 1;
      else if (tag === 'changed-region') region = attribute(attributes, 'id') ?? '';
      else if (tag === 'deletion') deletions.add(region);
      else if (tag === 'change-start') deleted += Number(isOfDeletion(attributes));
      else if (tag === 'change-end') deleted -= Number(isOfDeletion(attributes));
      else if (tag === 'spreadsheet') isSpreadsheet = true;
      // Elsewhere a program gives tables their names.
      else if (tag === 'table' && isSpreadsheet) out.write(`\n${attribute(attributes, 'name') ?? ''}\n`);
      else if (NOTES.has(tag)) {
        out.write('\n');
        around.push(paragraphs);
        paragraphs = 0;
      } else if (only?.has(tag)) within += 1;
      else if (PARAGRAPHS.has(tag)) {
        // A text box stands in the midst of a paragraph.
        if (isShown()) out.write('\n');
        paragraphs += 1;
      } else if (tag === 'page' && only === null && attribute(attributes, 'master-page-name') !== undefined) {
        pages += 1;
        out.page(pages);
      } else if (!isShown()) return;
      else if (tag === 's' || CALLED.has(tag) || isInLine(tag, attributes)) out.write(' ');
      else if (tag === 'tab') out.write('\t');
      else if (tag === 'line-break') out.write('\n');
    },
    close(tag) {
      hidden.close(tag);
      if (SKIPPED.has(tag)) deleted -= 1;
      else if (only?.has(tag)) within -= 1;
      else if (NOTES.has(tag)) paragraphs = around.pop() ?? 0;
      else if (tag === 'table-row') out.write('\n');
      else if (CALLED.has(tag) && isShown()) out.write(' ');
      else if (PARAGRAPHS.has(tag)) {
        paragraphs -= 1;
        if (within > 0 && deleted === 0) out.write('\n');
      }
    },
    text(text) {
      if (isShown()) out.write(text);
    },
  });
}

/** A picture that stands between letters (`text:anchor-type` of ODF 1.3, part 3). */
function isInLine(tag: string, attributes: Record<string, string>): boolean {
  return tag === 'frame' && attribute(attributes, 'anchor-type') === 'as-char';
}
