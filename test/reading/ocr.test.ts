// @slow: recognising letters takes seconds.
import { open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openPages } from '../../src/reading/draw-pdf.ts';
import { pngOf } from '../../src/reading/png.ts';
import { sourceOf } from '../../src/reading/source.ts';
import { pdfOf } from './pdfs.ts';
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

/** The same picture on the page of a PDF, as a scanner writes it (ISO 32000-1, 8.9.5). */
function scanOf(png: Buffer): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const pixels = Array.from({ length: height }, (_, y) =>
    rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1)),
  );
  const packed = deflateSync(Buffer.concat(pixels)).toString('latin1');
  const draw = 'q 595 0 0 842 0 0 cm /P Do Q';
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /P 5 0 R >> >> /Contents 4 0 R >>',
    `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`,
    `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n${packed}\nendstream`,
  ];
  const objects = bodies.map((body, at) => `${at + 1} 0 obj\n${body}\nendobj\n`).join('');
  return Buffer.from(`%PDF-1.4\n${objects}trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n`, 'latin1');
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
