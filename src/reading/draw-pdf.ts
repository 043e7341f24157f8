import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { pngOf } from './png.ts';
import type { Picture } from './reading.ts';
import type { Source } from './source.ts';

/** The whole file has to be in memory. In bytes. */
const MOST_BYTES = 48 * 1024 ** 2;
/** Each side of a small picture: Slack shows it beside a text as a square, and may cut off what stands out of one. */
const SMALL = 320;
/** What is round a page, so that its edges are seen on white: a line at least. */
const AROUND = 0xd0;
const LINE = 3;
/** Of a page whose letters are to be recognised: 200 dots an inch for a usual one. */
const LARGE = 2_340;
/** Points an inch: what PDFium draws at scale 1. */
const LONGEST_SCALE = 6;

/**
 * The first page of a PDF, small and square: of a high page its upper part, where its name stands; a wide one whole. Null for
 * a file that is too large. Throws for a damaged one.
 */
export async function drawFirstPage(source: Source): Promise<Picture | null> {
  const pages = await openPages(source);
  return pages && { kind: 'png', bytes: await pages.drawSmall(1) };
}

export interface Pages {
  count: number;
  /** The text of a page, counted from 1. Throws for a damaged one. */
  textOf(number: number): string;
  /** Whether there is a picture on a page, counted from 1. Throws for a damaged one. */
  hasPicture(number: number): boolean;
  /** A page, counted from 1, as a PNG whose longer side has so many pixels. */
  draw(number: number, pixels?: number): Promise<Buffer>;
  /** The upper part of a page as a small square PNG. */
  drawSmall(number: number): Promise<Buffer>;
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
    // Some scanners wrap it in a form.
    hasPicture: (number) =>
      document
        .getPage(number - 1)
        .objects()
        .some(({ type }) => type === 'image' || type === 'form'),
    draw: async (number, pixels = LARGE) =>
      pngOf(await drawn(document, number, ({ longer }) => pixels / longer)),
    drawSmall: async (number) => pngOf(square(await drawn(document, number, small))),
  };
}

interface Pixels {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** A high page fills the square from side to side; the rest of it is drawn, too, so a very high one is drawn smaller. */
const small = ({ width, longer }: { width: number; longer: number }) =>
  Math.min(SMALL / width, LARGE / longer);

async function drawn(
  document: PDFiumDocument,
  number: number,
  scaleOf: (page: { width: number; longer: number }) => number,
): Promise<Pixels> {
  const page = document.getPage(number - 1);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const longer = Math.max(originalWidth, originalHeight, 1);
  const scale = Math.min(LONGEST_SCALE, scaleOf({ width: Math.max(originalWidth, 1), longer }));
  const { width, height, data } = await page.render({ scale, render: 'bitmap' });
  return { width, height, rgb: onWhite(data) };
}

/** What is in a square from the top, in the middle of it where it is smaller. */
function square({ width, height, rgb }: Pixels): Pixels {
  const side = SMALL;
  const all = new Uint8Array(side * side * 3).fill(AROUND);
  const [wide, high] = [Math.min(width, side), Math.min(height, side)];
  const [left, top] = [Math.floor((side - wide) / 2), Math.floor((side - high) / 2)];
  for (let y = 0; y < high; y += 1)
    all.set(rgb.subarray(y * width * 3, (y * width + wide) * 3), ((top + y) * side + left) * 3);
  for (let y = 0; y < side; y += 1) {
    const isLine = y < LINE || y >= side - LINE;
    all.fill(AROUND, y * side * 3, (y * side + (isLine ? side : LINE)) * 3);
    all.fill(AROUND, ((y + 1) * side - LINE) * 3, (y + 1) * side * 3);
  }
  return { width: side, height: side, rgb: all };
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
