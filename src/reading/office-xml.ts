import type { Output } from './output.ts';
import type { Source } from './source.ts';
import { readOfficeText } from './word.ts';
import { attribute, walkXml } from './xml.ts';

/**
 * Office's documents in one piece of XML: Word's of 2003 and of later ones (`pkg:package`, each part in it), Excel's of 2003 (XML Spreadsheet
 * Reference), which other programs write as `.xls`.
 */
export async function readOfficeXml(source: Source, out: Output): Promise<void> {
  const beginning = (await source.read(0, 4_096)).toString('latin1');
  return /<(?:\w+:)?Workbook[\s>]/.test(beginning)
    ? readWorkbook(source, out)
    : readOfficeText(source.stream(), out);
}

/** The names of sheets, and a line for each row; what stands in a cell, or in a note at it, is `Data`. */
async function readWorkbook(source: Source, out: Output): Promise<void> {
  let data = 0;
  await walkXml(source.stream(), {
    open(tag, attributes) {
      if (tag === 'Worksheet') out.write(`\n${attribute(attributes, 'Name') ?? ''}\n`);
      else if (tag === 'Data') data += 1;
    },
    close(tag) {
      if (tag === 'Row') out.write('\n');
      else if (tag === 'Data') {
        data -= 1;
        out.write('\t');
      }
    },
    text(text) {
      if (data > 0) out.write(text);
    },
  });
}
