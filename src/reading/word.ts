import type { Output } from './output.ts';
import { walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/** The text itself first, then what stands around it. Office numbers them as it likes ("document2.xml"). */
const ORDER = ['document', 'header', 'footer', 'footnotes', 'endnotes', 'comments'];
const PART = /^word\/(document|header|footer|footnotes|endnotes|comments)\d*\.xml$/i;

/** Word's documents (ECMA-376, part 1, chapter 17). */
export async function readWord(parts: Parts, out: Output): Promise<void> {
  for (const wanted of ORDER)
    for (const name of parts.names.filter((one) => PART.exec(one)?.[1]?.toLowerCase() === wanted)) {
      await readOfficeText(parts.open(name), out);
      out.write('\n');
    }
}

/**
 * What was moved away or deleted while changes are tracked is not read (its letters stand in `delText`); of a drawing that is
 * written down twice, for new programs and for old ones, only the first (`Fallback` is the second).
 */
const SKIPPED = new Set(['Fallback', 'moveFrom']);

/** The running text of a part of an Office document: what stands in `t`, a line for each paragraph. */
export async function readOfficeText(chunks: AsyncIterable<Buffer>, out: Output): Promise<void> {
  let skipped = 0;
  let inText = 0;
  await walkXml(chunks, {
    open(name) {
      if (SKIPPED.has(name)) skipped += 1;
      else if (name === 't') inText += 1;
      else if (skipped === 0 && name === 'tab') out.write('\t');
      else if (skipped === 0 && (name === 'br' || name === 'cr')) out.write('\n');
      else if (skipped === 0 && name === 'noBreakHyphen') out.write('-');
    },
    close(name) {
      if (SKIPPED.has(name)) skipped -= 1;
      else if (name === 't') inText -= 1;
      else if (skipped === 0 && name === 'p') out.write('\n');
      else if (skipped === 0 && name === 'tc') out.write('\t');
    },
    text(text) {
      if (inText > 0 && skipped === 0) out.write(text);
    },
  });
}
