import { hiddenRuns } from './hidden-runs.ts';
import { readOtherChunks } from './other-chunks.ts';
import type { Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { attribute, walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/**
 * The text itself first, then what stands around it, then charts and what SmartArt says. Office numbers them as it likes
 * ("document2.xml").
 */
const ORDER = ['document', 'header', 'footer', 'footnotes', 'endnotes', 'comments', 'chart', 'data'];
const PART =
  /^word\/(?:(document|header|footer|footnotes|endnotes|comments)|charts\/(chart)|diagrams\/(data))\d*\.xml$/i;

/** Word's documents (ECMA-376, part 1, chapter 17). */
export async function readWord(parts: Parts, out: Output, pieces: Pieces): Promise<void> {
  for (const wanted of ORDER)
    for (const name of parts.names.filter((one) => kindOf(one) === wanted)) {
      await pieces.read(() => readOfficeText(parts.open(name), out));
      if (wanted === 'document') await readOtherChunks(parts, name, out, pieces);
      out.write('\n');
    }
}

function kindOf(name: string): string | undefined {
  return PART.exec(name)?.slice(1).find(Boolean)?.toLowerCase();
}

/**
 * What was moved away or deleted while changes are tracked is not read (its letters stand in `delText`); of a drawing that is
 * written down twice, for new programs and for old ones, only the first (`Fallback` is the second); nor how a Japanese word is
 * spoken (`rt`, ECMA-376, part 1, chapter 17.3.3.24).
 */
const SKIPPED = new Set(['Fallback', 'moveFrom', 'rt']);
/** What stands in a line and is no letter of it: a picture, a tab of its own kind (chapters 20.4.2.8 and 17.3.3.23). */
const GAPS: Record<string, string> = {
  ...{ tab: '\t', ptab: '\t', inline: ' ' },
  ...{ br: '\n', cr: '\n', noBreakHyphen: '-' },
};
/** A chart has the names of its series and places in its memory of the table, or as they were typed into it (chapter 21.2). */
const NAMES = new Set(['strCache', 'multiLvlStrCache', 'strLit', 'tx']);
/** A comment of PowerPoint's, or an answer of Excel's, has its words in `text` (chapter 19.4; `CT_ThreadedComment` of MS-XLSX). */
const COMMENTS = new Set(['cm', 'threadedComment']);

/** Pieces of a formula that stand apart: above and below a line, a function with its name, rows of a matrix and what stands in them (chapter 22.1.2). */
const OF_FORMULAS = new Set(['num', 'den', 'fName', 'func', 'lim', 'mr', 'eqArr']);
const ROWS = new Set(['mr', 'eqArr']);

/** The running text of a part of an Office document: what stands in `t` and is shown, a line for each paragraph, also for one in another. */
export async function readOfficeText(chunks: AsyncIterable<Buffer>, out: Output): Promise<void> {
  let skipped = 0;
  let inText = 0;
  let paragraphs = 0;
  let names = 0;
  let comments = 0;
  let rows = 0;
  const hidden = hiddenRuns();
  const isShown = () => skipped === 0 && !hidden.isWithin();
  const isText = (name: string) =>
    name === 't' || (name === 'v' && names > 0) || (name === 'text' && comments > 0);
  await walkXml(chunks, {
    open(name, attributes) {
      hidden.open(name, attributes);
      if (SKIPPED.has(name)) skipped += 1;
      else if (isText(name)) inText += 1;
      else if (NAMES.has(name)) names += 1;
      else if (COMMENTS.has(name)) comments += 1;
      else if (ROWS.has(name)) rows += 1;
      else if (!isShown()) return;
      else if (name === 'textpath') out.write(`\n${attribute(attributes, 'string') ?? ''}\n`);
      else if (name === 'sym') out.write(signOf(attributes));
      else if (Object.hasOwn(GAPS, name)) out.write(GAPS[name] as string);
      else if (name === 'p') {
        // A text box stands in the midst of a paragraph.
        if (paragraphs > 0) out.write('\n');
        paragraphs += 1;
      }
    },
    close(name) {
      hidden.close(name);
      if (SKIPPED.has(name)) skipped -= 1;
      else if (isText(name)) {
        inText -= 1;
        if (name !== 't' && skipped === 0) out.write(name === 'v' ? '\t' : '\n');
      } else if (NAMES.has(name)) {
        names -= 1;
        if (names === 0) out.write('\n');
      } else if (COMMENTS.has(name)) comments -= 1;
      else if (OF_FORMULAS.has(name) || (name === 'e' && rows > 0)) {
        if (ROWS.has(name)) rows -= 1;
        if (isShown()) out.write(' ');
      } else if (!isShown()) return;
      else if (name === 'tc') out.write('\t');
      else if (name === 'p') {
        paragraphs -= 1;
        out.write('\n');
      }
    },
    text(text) {
      if (inText > 0 && isShown()) out.write(text);
    },
  });
}

/** A sign by its number. In the fonts that are all signs it is in Unicode's private area, and no letter (chapter 17.3.3.30). */
function signOf(attributes: Record<string, string>): string {
  const number = Number.parseInt(attribute(attributes, 'char') ?? '', 16);
  return number >= 0x20 && number < 0xd800 ? String.fromCharCode(number) : ' ';
}
