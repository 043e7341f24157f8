// @slow: recognising letters takes seconds.
import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPages } from '../../src/reading/draw-pdf.ts';
import { pngOf } from '../../src/reading/png.ts';
import { sourceOf } from '../../src/reading/source.ts';
import { pdfOf, scanOf } from './pdfs.ts';
import { readApart } from './read.ts';

/** A picture of a page with these words, as a PNG. */
async function pictureOf(words: string): Promise<Buffer> {
  const path = join(tmpdir(), `ocr-${process.pid}.pdf`);
  await writeFile(path, pdfOf([[words]]));
  const file = await open(path);
  try {
    const pages = await openPages(await sourceOf(file.fd));
    if (pages === null) throw new Error('it cannot be drawn');
    return await pages.draw(1, 1_600);
  } finally {
    await file.close();
    await rm(path);
  }
}

it('letters in a picture and on a scanned page are read where their language is named, and not otherwise', async () => {
  const picture = await pictureOf('Invoice for the harbour');
  await expect(readApart(picture)).rejects.toMatchObject({ code: 'not_readable' });
  const { parts } = await readApart(picture, '', { ocr: ['eng'] });
  expect(parts[0]?.text).toContain('Invoice for the harbour');
  const scan = scanOf(picture);
  expect((await readApart(scan)).parts).toEqual([]);
  const read = await readApart(scan, '', { ocr: ['eng'] });
  expect(read.parts).toEqual([{ page: 1, text: expect.stringContaining('Invoice for the harbour') }]);
});

it('a picture that is cut off, or has too many pixels, is named so', async () => {
  const picture = await pictureOf('Invoice for the harbour');
  await expect(readApart(picture.subarray(0, 60), '', { ocr: ['eng'] })).rejects.toMatchObject({
    code: 'damaged',
  });
  const endless = pngOf({ width: 33_000, height: 4, rgb: new Uint8Array(33_000 * 4 * 3).fill(255) });
  await expect(readApart(endless, '', { ocr: ['eng'] })).rejects.toMatchObject({ code: 'too_large' });
});

it('of a PDF with a scan and a page with text, only the text is read without OCR, and it says so', async () => {
  const scan = scanOf(await pictureOf('Invoice for the harbour'), 'Received by the harbour office in May');
  const without = await readApart(scan, '', { previews: true });
  expect(without).toMatchObject({
    parts: [{ page: 2, text: 'Received by the harbour office in May' }],
    stopped: 'pictures_not_read',
  });
  expect(without.picture?.kind).toBe('png');
  const { parts, stopped } = await readApart(scan, '', { ocr: ['eng'] });
  expect(stopped).toBeNull();
  expect(parts.map(({ page }) => page).sort()).toEqual([1, 2]);
});
