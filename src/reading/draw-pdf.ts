import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { pngOf } from './png.ts';
import type { Picture } from './reading.ts';
import type { Source } from './source.ts';

/** The whole file has to be in memory. In bytes. */
const MOST_BYTES = 48 * 1024 ** 2;
/** The longer side of a small picture. */
const SMALL = 320;
/** Of a page whose letters are to be recognised: 200 dots an inch for a usual one. */
const LARGE = 2_340;
/** Points an inch: what PDFium draws at scale 1. */
const LONGEST_SCALE = 6;

/** The first page of a PDF, small. Null for a file that is too large. Throws for a damaged one. */
export async function drawFirstPage(source: Source): Promise<Picture | null> {
  const pages = await openPages(source);
  return pages && { kind: 'png', bytes: await pages.draw(1, SMALL) };
}

export interface Pages {
  count: number;
  /** The text of a page, counted from 1. Throws for a damaged one. */
  textOf(number: number): string;
  /** A page, counted from 1, as a PNG whose longer side has so many pixels. */
  draw(number: number, pixels?: number): Promise<Buffer>;
}

/** Opens a PDF with PDFium, which is WebAssembly here, to draw its pages. Null for a file that is too large. */
export async function openPages(source: Source): Promise<Pages | null> {
  if (source.bytes > MOST_BYTES) return null;
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await source.read(0, source.bytes));
  return {
    count: document.getPageCount(),
    // It tells a hyphen at a line's end by a sign of its own (U+FFFE).
    textOf: (number) =>
      document
        .getPage(number - 1)
        .getText()
        .replaceAll('\r\n', '\n')
        .replaceAll('\ufffe', '-\n'),
    draw: (number, pixels = LARGE) => drawn(document, number, pixels),
  };
}

async function drawn(document: PDFiumDocument, number: number, pixels: number): Promise<Buffer> {
  const page = document.getPage(number - 1);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = Math.min(LONGEST_SCALE, pixels / Math.max(originalWidth, originalHeight, 1));
  const { width, height, data } = await page.render({ scale, render: 'bitmap' });
  return pngOf({ width, height, rgb: onWhite(data) });
}

/** PDFium gives blue, green, red and how much of it is there. */
function onWhite(bgra: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((bgra.length / 4) * 3);
  for (let from = 0, to = 0; from < bgra.length; from += 4, to += 3) {
    const there = (bgra[from + 3] as number) / 255;
    for (let colour = 0; colour < 3; colour += 1)
      rgb[to + colour] = Math.round((bgra[from + 2 - colour] as number) * there + 255 * (1 - there));
  }
  return rgb;
}
