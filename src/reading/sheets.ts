import type { Output } from './output.ts';
import { relationsOf } from './relations.ts';
import { readOfficeText } from './word.ts';
import { local, walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

const MAIN = 'xl/workbook.xml';
const BESIDE = new Set(['comments', 'threadedComment', 'drawing']);

/**
 * Excel's tables: a line for each row, with the numbers as they are stored, not as they are shown (ECMA-376, part 1, chapter
 * 18). Words are stored once for the whole file, whatever cells use them.
 */
export async function readSheets(parts: Parts, out: Output): Promise<void> {
  const relations = await relationsOf(parts, MAIN);
  const sheets: { name: string; id: string }[] = [];
  await walkXml(parts.open(MAIN), {
    open(tag, attributes) {
      const key = Object.keys(attributes).find((name) => name.includes(':') && local(name) === 'id');
      if (tag === 'sheet') sheets.push({ name: attributes.name ?? '', id: attributes[key ?? ''] ?? '' });
    },
  });
  const shared = [...relations.values()].find(({ kind }) => kind === 'sharedStrings')?.part;
  const words = await sharedWords(parts, shared ?? 'xl/sharedStrings.xml');
  for (const { name, id } of sheets) {
    out.write(`\n${name}\n`);
    const part = relations.get(id)?.part;
    if (part === undefined) continue;
    await readRows(parts.open(part), words, out);
    for (const beside of (await relationsOf(parts, part)).values())
      if (BESIDE.has(beside.kind)) await readBeside(parts, beside, out);
  }
}

/** An old comment has its text in `t`, a new one in `text`. */
async function readBeside(parts: Parts, { kind, part }: { kind: string; part: string }, out: Output) {
  out.write('\n');
  if (kind !== 'threadedComment') return readOfficeText(parts.open(part), out);
  let inText = false;
  await walkXml(parts.open(part), {
    open(name) {
      inText = name === 'text';
    },
    close() {
      inText = false;
    },
    text(text) {
      if (inText) out.write(`${text}\n`);
    },
  });
}

async function sharedWords(parts: Parts, name: string): Promise<string[]> {
  const words: string[] = [];
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
        words.push(word ?? '');
        word = null;
      }
    },
    text(text) {
      if (inText && spoken === 0 && word !== null) word += text;
    },
  });
  return words;
}

async function readRows(chunks: AsyncIterable<Buffer>, words: readonly string[], out: Output): Promise<void> {
  let type = '';
  let value: string | null = null;
  await walkXml(chunks, {
    open(tag, attributes) {
      if (tag === 'c') type = attributes.t ?? 'n';
      else if (tag === 'v' || tag === 't') value = '';
    },
    close(tag) {
      if (tag === 'row') out.write('\n');
      if ((tag !== 'v' && tag !== 't') || value === null) return;
      // A formula's error is no word of anybody's.
      if (type !== 'e') out.write(`${type === 's' ? (words[Number(value)] ?? '') : value}\t`);
      value = null;
    },
    text(text) {
      if (value !== null) value += text;
    },
  });
}
