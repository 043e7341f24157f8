import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { searchedWords } from '../../src/catalog/reading/words.ts';
import { SHEET, SLIDES, TEXT } from './corpus/words.ts';
import { read, readApart } from './read.ts';

/** Documents that LibreOffice wrote (tools/corpus.ts); the zip file is Info-ZIP's (`zip -P`). */
const CORPUS = join(import.meta.dirname, 'corpus');

/** Whether a search for these words would find a document with this text. */
function isFound(asked: string, parts: readonly { text: string }[]): boolean {
  const words = new Set(parts.flatMap(({ text }) => [...searchedWords(text)]));
  return [...searchedWords(asked)].every((word) => words.has(word));
}

const open = (name: string) => read(readFileSync(join(CORPUS, name)), name);

/** What stands in the running text of every format, and what stands beside it. */
const RUNNING = [TEXT.heading, TEXT.first, TEXT.german, TEXT.greek, TEXT.russian, TEXT.item, ...TEXT.cells];
/** Behind the word stands a note. As text, LibreOffice writes its number there, and not the note. */
const BESIDE = [TEXT.header, TEXT.footer, TEXT.box, TEXT.footnote, 'delivery by train'];

describe('a text', () => {
  it.each([
    ['text.docx', [...RUNNING, ...BESIDE, TEXT.comment]],
    ['text.odt', [...RUNNING, ...BESIDE, TEXT.comment]],
    ['text.fodt', [...RUNNING, ...BESIDE, TEXT.comment]],
    ['text.rtf', [...RUNNING, ...BESIDE, TEXT.comment]],
    ['text.pdf', [...RUNNING, ...BESIDE]],
    ['text.html', [...RUNNING, ...BESIDE]],
    ['text-utf8.txt', RUNNING],
    ['text-utf16.txt', RUNNING],
  ])('%s is found by all of its words', async (name, asked) => {
    const { parts, stopped } = await open(name);
    expect(stopped).toBeNull();
    expect(asked.filter((words) => !isFound(words, parts))).toEqual([]);
    // As text, as HTML and printed, LibreOffice shows what was deleted.
    if (/\.(docx|f?odt|rtf)$/.test(name)) expect(isFound(TEXT.deleted, parts)).toBe(false);
  });
});

it.each(['sheet.xlsx', 'sheet.ods', 'sheet.csv'])(
  'a table (%s) is found by its words and numbers',
  async (name) => {
    const { parts } = await open(name);
    const all = [...SHEET.rows.flat().map(String), 'Sum', String(SHEET.sum)];
    if (!name.endsWith('.csv')) all.push(SHEET.name, SHEET.second, SHEET.inSecond, SHEET.comment);
    expect(all.filter((words) => !isFound(words, parts))).toEqual([]);
  },
);

it('a printed table is found, as far as it was printed', async () => {
  const { parts } = await open('sheet.pdf');
  for (const words of ['Insurance 417.5', SHEET.name, String(SHEET.sum)])
    expect(isFound(words, parts), words).toBe(true);
  expect(
    isFound(
      SHEET.inSecond,
      parts.filter(({ page }) => page === 2),
    ),
  ).toBe(true);
});

it.each(['slides.pptx', 'slides.odp', 'slides.fodp', 'slides.pdf'])(
  'slides (%s) are found by their words, each on its page',
  async (name) => {
    const { parts } = await open(name);
    for (const [at, { title, notes }] of SLIDES.entries()) {
      const page = parts.filter((part) => part.page === at + 1);
      expect(isFound(title, page), title).toBe(true);
      if (notes !== undefined && !name.endsWith('.pdf')) expect(isFound(notes, page), notes).toBe(true);
    }
  },
);

it('a PDF that LibreOffice locked is named so', async () => {
  await expect(open('locked.pdf')).rejects.toMatchObject({ code: 'password_protected' });
});

it('a zip file with a password gives the names in it, and is named so', async () => {
  const { parts, stopped } = await readApart(readFileSync(join(CORPUS, 'locked.zip')), 'locked.zip');
  expect(parts).toEqual([{ page: null, text: 'text-utf8.txt\nsheet.csv' }]);
  expect(stopped).toBe('password_protected');
});

it('no document of the corpus is without a test', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  const names = readdirSync(CORPUS).filter((name) => !name.endsWith('.ts'));
  expect(names.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  expect(names.length).toBeGreaterThan(13);
});
