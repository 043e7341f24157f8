// @slow: recognising letters takes seconds.
import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openPages } from '../../src/reading/draw-pdf.ts';
import { pngOf } from '../../src/reading/png.ts';
import { sourceOf } from '../../src/reading/source.ts';
import { tiffPages } from '../../src/reading/tiff-pages.ts';
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

/** Pictures as the pages of one TIFF, in either order of bytes (TIFF 6.0, section 6). */
function tiffOf(pngs: Buffer[], isLittle: boolean): Buffer {
  const number = (value: number, bytes: 2 | 4) => {
    const buffer = Buffer.alloc(bytes);
    if (isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const pieces = [Buffer.from(isLittle ? 'II*\0' : 'MM\0*', 'latin1')];
  let at = 4;
  for (const [page, png] of pngs.entries()) {
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    const pixels = Buffer.concat(
      Array.from({ length: height }, (_, y) =>
        rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1)),
      ),
    );
    const depth = at + 4 + pixels.length + (pixels.length % 2);
    // Width, height, bits, no packing, red green blue, where the rows are, three numbers a dot, all rows at once, their bytes.
    const entries: [number, number, number][] = [
      ...([
        [256, 1, width],
        [257, 1, height],
        [258, 3, depth],
        [259, 1, 1],
        [262, 1, 2],
      ] as [number, number, number][]),
      ...([
        [273, 1, at + 4],
        [277, 1, 3],
        [278, 1, height],
        [279, 1, pixels.length],
      ] as [number, number, number][]),
    ];
    const list = entries.map(([tag, count, value]) => {
      const type = tag === 258 ? 3 : 4;
      return Buffer.concat([number(tag, 2), number(type, 2), number(count, 4), number(value, 4)]);
    });
    const whole = Buffer.concat([
      number(depth + 6, 4),
      pixels,
      Buffer.alloc(pixels.length % 2),
      ...[number(8, 2), number(8, 2), number(8, 2)],
      number(entries.length, 2),
      ...list,
    ]);
    pieces.push(whole);
    at += whole.length;
    if (page === pngs.length - 1) pieces.push(number(0, 4));
  }
  return Buffer.concat(pieces);
}

it('all pages of a TIFF are read, in either order of bytes, and one that is damaged hides no other', async () => {
  const pages = [await pictureOf('Invoice for the harbour'), await pictureOf('The second page is here')];
  for (const isLittle of [true, false]) {
    const { parts, stopped } = await readApart(tiffOf(pages, isLittle), '', { ocr: ['eng'] });
    expect(stopped).toBeNull();
    expect(parts).toEqual([
      { page: 1, text: expect.stringContaining('Invoice for the harbour') },
      { page: 2, text: expect.stringContaining('The second page is here') },
    ]);
  }
  const one = await readApart(tiffOf(pages.slice(0, 1), true), '', { ocr: ['eng'] });
  expect(one.parts).toEqual([{ page: null, text: expect.stringContaining('Invoice for the harbour') }]);
  const damaged = tiffOf(pages, true);
  const first = damaged.readUInt32LE(4);
  // It says that nothing is in it.
  damaged.writeUInt32LE(0, first + 2 + 8);
  const rest = await readApart(damaged, '', { ocr: ['eng'] });
  expect(rest.stopped).toBe('damaged');
  expect(rest.parts).toEqual([{ page: 2, text: expect.stringContaining('The second page is here') }]);
});

it('lists of pages in a circle, without end or beyond the end are no pages', () => {
  const head = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  const next = (at: number) => {
    const list = Buffer.alloc(8);
    list.writeUInt32LE(at, 2);
    return list;
  };
  expect(tiffPages(Buffer.concat([head, next(16), next(8)]))).toEqual({ lists: [8, 16], isAll: true });
  expect(tiffPages(Buffer.concat([head, next(200)]))).toEqual({ lists: [8], isAll: true });
  expect(tiffPages(head)).toEqual({ lists: [0], isAll: true });
  expect(tiffPages(head.subarray(0, 6))).toEqual({ lists: [0], isAll: true });
  expect(tiffPages(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))).toEqual({ lists: [0], isAll: true });
  const many = Array.from({ length: 60 }, (_, at) => next(8 * (at + 2)));
  const { lists, isAll } = tiffPages(Buffer.concat([head, ...many]));
  expect([lists.length, lists.at(-1), isAll]).toEqual([50, 400, false]);
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
