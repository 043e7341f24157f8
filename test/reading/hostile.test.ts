// @slow: it starts processes, and some of them are made to break.
import { open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/reading/read-document.ts';
import {
  bomb,
  deep,
  endless,
  holes,
  laughs,
  loop,
  manyNotes,
  manyPages,
  nested,
  packedPage,
} from './hostile-files.ts';
import { docx, paragraph, run, xlsx } from './office.ts';
import { pdfOf } from './pdfs.ts';
import { readApart } from './read.ts';
import { zipOf } from './zips.ts';

const MIB = 1024 ** 2;
const lettersOf = (parts: { text: string }[]) => parts.reduce((sum, { text }) => sum + text.length, 0);

describe('a hostile file', () => {
  it('an ordinary one is read as it is, from the same process', async () => {
    const file = await docx(paragraph(run('fourteen days')));
    expect(await readApart(file)).toEqual({ parts: [{ page: null, text: 'fourteen days' }], stopped: null });
  });

  it('that unpacks to more than it may is left when that much came out', async () => {
    const packed = await bomb(64);
    expect(packed.length).toBeLessThan(MIB);
    await expect(readApart(packed, '', { unpackedBytes: 8 * MIB })).rejects.toMatchObject({
      code: 'too_large',
    });
  });

  it('that has text without end is cut', async () => {
    const { parts, stopped } = await readApart(await endless(20), '', {
      letters: 100_000,
    });
    expect(stopped).toBe('too_large');
    expect(lettersOf(parts)).toBeGreaterThan(90_000);
    expect(lettersOf(parts)).toBeLessThan(100_001);
  });

  it('a text of 1 GB is read up to where it is cut, not further', async () => {
    const path = join(tmpdir(), `reading-huge-${process.pid}`);
    await writeFile(path, 'many words '.repeat(20_000));
    // What follows takes no room on the disk, and would be seen as no text at all.
    await truncate(path, 1024 * MIB);
    const file = await open(path);
    try {
      const { parts, stopped } = await readDocument(file, 'text', { letters: 100_000 });
      expect(stopped).toBe('too_large');
      expect(lettersOf(parts)).toBeGreaterThan(90_000);
    } finally {
      await file.close();
      await rm(path);
    }
  });

  it('with zip files in zip files is not unpacked', async () => {
    expect(await readApart(await nested(5))).toEqual({
      parts: [{ page: null, text: 'a.zip\nb.zip' }],
      stopped: null,
    });
  });

  it('with a billion laughs stays as short as it is written', async () => {
    const { parts, stopped } = await readApart(await laughs());
    expect(stopped).toBeNull();
    expect(lettersOf(parts)).toBeLessThan(2_000);
    expect(parts[0]?.text).toContain('end');
  });

  it('that reaches for files and the net by its XML gets nothing', async () => {
    const document =
      '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><w:p><w:t>&f; end</w:t></w:p>';
    const { parts } = await readApart(
      await zipOf({ '[Content_Types].xml': '', 'word/document.xml': document }),
    );
    expect(parts.map(({ text }) => text).join()).not.toContain('root:');
  });

  it('with elements in elements without end is damaged; as deep as programs go, it is read', async () => {
    expect((await readApart(await deep(1_000))).parts).toEqual([{ page: null, text: 'bottom' }]);
    await expect(readApart(await deep(200_000))).rejects.toMatchObject({ code: 'damaged' });
  });

  it('that needs more memory than it may have is named so, and the reader is none the worse', async () => {
    const strings = Array.from(
      { length: 600_000 },
      (_, at) => `<si><t>${at} is a string that is kept</t></si>`,
    );
    const file = await xlsx('s', [['x']], { 'xl/sharedStrings.xml': `<sst>${strings.join('')}</sst>` });
    await expect(readApart(file, '', { memoryMb: 40 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('a PDF with a page that unpacks without end is named so', async () => {
    const packed = packedPage(100);
    expect(packed.length).toBeLessThan(MIB);
    await expect(readApart(packed, '', { memoryMb: 96 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('a PDF with ten thousand pages gives what can be read in time', async () => {
    const { parts, stopped } = await readApart(manyPages(10_000), '', { processorSeconds: 6 });
    expect(parts[0]).toEqual({ page: 1, text: 'this is page 1 of too many' });
    if (stopped === null) expect(parts).toHaveLength(10_000);
    else expect(stopped).toBe('took_too_long');
  });

  it('a PDF with notes without end is cut', async () => {
    const { parts, stopped } = await readApart(manyNotes(20_000), '', { letters: 100_000 });
    expect(stopped).toBe('too_large');
    expect(lettersOf(parts)).toBeGreaterThan(90_000);
    expect(lettersOf(parts)).toBeLessThan(100_001);
  });

  it('a PDF with thousands of pages that are none gives the others, and is damaged', async () => {
    const { parts, stopped, picture } = await readApart(holes(4_000), '', { previews: true });
    expect(stopped).toBe('damaged');
    expect(parts).toHaveLength(2_000);
    expect(picture?.kind).toBe('png');
  });

  it('a PDF whose pages are in a circle ends', async () => {
    await expect(readApart(loop())).rejects.toMatchObject({ code: 'damaged' });
  });

  it('is killed at the deadline, whatever it does', async () => {
    const pages = Array.from({ length: 10_000 }, () => ['a page']);
    await expect(readApart(pdfOf(pages), '', { deadlineMs: 20 })).rejects.toMatchObject({
      code: 'took_too_long',
    });
  });

  it('is left when the vault stops', async () => {
    const signal = AbortSignal.timeout(10);
    await expect(readApart('text', '', { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    ['Word', docx(paragraph(run('words '.repeat(5_000))))],
    ['Excel', xlsx('s', [['words '.repeat(5_000)]])],
    ['zip', zipOf({ a: 'b' })],
  ])('a %s file that is cut off is damaged', async (_, made) => {
    const bytes = await made;
    await expect(readApart(bytes.subarray(0, bytes.length - 30))).rejects.toMatchObject({ code: 'damaged' });
  });

  it('with a part whose bytes are broken is damaged', async () => {
    const bytes = Buffer.from(await docx(paragraph(run(`${Math.PI} words `.repeat(500)))));
    const at = bytes.indexOf('word/document.xml') + 60;
    bytes.fill(0xff, at, at + 40);
    await expect(readApart(bytes)).rejects.toMatchObject({ code: 'damaged' });
  });
});
