import { readBeside } from './beside.ts';
import type { Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { relationsOf } from './relations.ts';
import { type Dates, datesOf } from './sheet-dates.ts';
import { local, walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/**
 * Excel's tables: a line for each row, with days as days, other numbers as they are stored, not as they are shown (ECMA-376,
 * part 1, chapter 18). Words are stored once for the whole file, whatever cells use them.
 */
export async function readSheets(main: string, parts: Parts, out: Output, pieces: Pieces): Promise<void> {
  const relations = await relationsOf(parts, main);
  const sheets: { name: string; id: string }[] = [];
  let is1904 = false;
  await walkXml(parts.open(main), {
    open(tag, attributes) {
      const key = Object.keys(attributes).find((name) => name.includes(':') && local(name) === 'id');
      if (tag === 'workbookPr') is1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '');
      if (tag === 'sheet') sheets.push({ name: attributes.name ?? '', id: attributes[key ?? ''] ?? '' });
    },
  });
  const shared = [...relations.values()].find(({ kind }) => kind === 'sharedStrings')?.part;
  const words: string[] = [];
  await pieces.read(() => readSharedWords(parts, shared ?? 'xl/sharedStrings.xml', words));
  const styles = [...relations.values()].find(({ kind }) => kind === 'styles');
  let dates: Dates = (value) => value;
  await pieces.read(async () => {
    dates = await datesOf(parts, styles, is1904);
  });
  for (const { name, id } of sheets) {
    out.write(`\n${name}\n`);
    const part = relations.get(id)?.part;
    if (part === undefined) continue;
    await pieces.read(() => readRows(parts.open(part), { words, dates }, out));
    await readBeside(parts, part, out, pieces);
  }
}

async function readSharedWords(parts: Parts, name: string, words: string[]): Promise<void> {
  let word: string | null = null;
  let inText = false;
  let spoken = 0;
  await walkXml(parts.open(name), {
    open(tag) {
      if (tag === 'si') word = '';
      // How a Japanese word is spoken.
      else if (tag === 'rPh') spoken += 1;
      else if (tag === 't') inText = true;
    },
    close(tag) {
      if (tag === 'rPh') spoken -= 1;
      else if (tag === 't') inText = false;
      else if (tag === 'si') {
        words.push(unescaped(word ?? ''));
        word = null;
      }
    },
    text(text) {
      if (inText && spoken === 0 && word !== null) word += text;
    },
  });
}

async function readRows(
  chunks: AsyncIterable<Buffer>,
  { words, dates }: { words: readonly string[]; dates: Dates },
  out: Output,
): Promise<void> {
  let type = '';
  let style: string | undefined;
  /** What stands in a cell; null outside of one. Words of a cell alone (`is`) may have several runs. */
  let value: string | null = null;
  let inText = false;
  let spoken = 0;
  await walkXml(chunks, {
    open(tag, attributes) {
      if (tag === 'c') [type, style] = [attributes.t ?? 'n', attributes.s];
      else if (tag === 'v' || tag === 'is') value = '';
      else if (tag === 'rPh') spoken += 1;
      inText = tag === 'v' || tag === 't';
    },
    close(tag) {
      inText = false;
      if (tag === 'row') out.write('\n');
      else if (tag === 'rPh') spoken -= 1;
      if ((tag !== 'v' && tag !== 'is') || value === null) return;
      // A formula's error is no word of anybody's.
      if (type === 's') out.write(`${words[Number(value)] ?? ''}\t`);
      else if (type !== 'e') out.write(`${type === 'n' ? dates(value, style) : unescaped(value)}\t`);
      value = null;
    },
    text(text) {
      if (inText && spoken === 0 && value !== null) value += text;
    },
  });
}

/** Signs that XML cannot hold, and line ends, are written as their numbers (`ST_Xstring`: ECMA-376, part 1, chapter 22.9.2.19). */
function unescaped(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, number: string) =>
    String.fromCharCode(Number.parseInt(number, 16)),
  );
}
