import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import type { Pages } from './draw-pdf.ts';
import { Enough, type Output } from './output.ts';
import { areApart, lessTorn, together } from './pdf-apart.ts';
import { joined } from './pdf-lines.ts';
import { readMarks } from './pdf-marks.ts';
import { openPieces } from './pieces.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';

const BEGINNING = 65_536;
/** Pieces that are fetched of a file that is not read from its beginning to its end. */
const PIECE = 262_144;

const NUMBER = /^\s*[\d*†‡]{1,3}\s*$/;
/** A page with fewer letters may be a scan with a stamp on it. */
const FEW = 20;
/** So many pages without text are looked at, each a second or more. */
const MOST_SCANS = 50;

/**
 * A PDF, page by page, each with what people wrote on it. Only those parts of the file are read that text needs. With languages, letters are recognised on pages
 * without text, when all others are read.
 */
export async function readPdf(source: Source, out: Output, ocr: string): Promise<void> {
  const pieces = openPieces();
  const marks = openPieces();
  const read = new Set<number>();
  const scans: number[] = [];
  const other = otherReader(source);
  await pieces.read(async () => {
    const document = await opened(source);
    for (let number = 1; number <= document.numPages; number += 1)
      await pieces.read(async () => {
        const page = await document.getPage(number);
        const content = await page.getTextContent();
        const told = textOf(content);
        const text = joined(areApart(told) ? lessTorn(textOf(content, together), await other(number)) : told);
        out.page(number);
        out.write(text);
        read.add(number);
        if (text.trim().length < FEW) scans.push(number);
        await marks.read(() => readMarks(page, out));
        page.cleanup();
      });
  });
  const isAll = pieces.isWhole() || (await (await import('./pdf-rest.ts')).readRest(source, out, read));
  if (ocr !== '' && scans.length > 0) await readScans(source, out, { ocr, numbers: scans });
  out.page(null);
  if (!isAll) pieces.end();
  marks.end();
  if (ocr === '' && (await isPictureAmong(source, scans))) throw new Enough('pictures_not_read');
}

type Content = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;

function textOf({ items }: Content, written = (piece: string) => piece): string {
  let text = '';
  let height = 0;
  for (const item of items) {
    if (!('str' in item)) continue;
    // The number of a note stands close behind a word, in small.
    if (NUMBER.test(item.str) && item.height < height * 0.8) text += ' ';
    text += item.hasEOL ? `${written(item.str)}\n` : written(item.str);
    if (item.str.trim() !== '') height = item.height;
  }
  return text;
}

/** Gives the text of a page as PDFium reads it, which goes by how wide letters are; null where it cannot. */
function otherReader(source: Source): (number: number) => Promise<string | null> {
  let opening: Promise<Pages | null> | undefined;
  return async (number) => {
    opening ??= import('./draw-pdf.ts').then(({ openPages }) => openPages(source));
    try {
      return (await opening)?.textOf(number) ?? null;
    } catch {
      return null;
    }
  };
}

/**
 * Whether one of these pages is a picture, and not just empty: of a file that is too large to be looked at, surely; false where letters could not be
 * recognised in it, either.
 */
async function isPictureAmong(source: Source, numbers: readonly number[]): Promise<boolean> {
  if (numbers.length === 0) return false;
  try {
    const pages = await (await import('./draw-pdf.ts')).openPages(source);
    return pages === null || numbers.slice(0, MOST_SCANS).some((number) => pages.hasPicture(number));
  } catch {
    return false;
  }
}

async function readScans(
  source: Source,
  out: Output,
  { ocr, numbers }: { ocr: string; numbers: number[] },
): Promise<void> {
  const pages = await (await import('./draw-pdf.ts')).openPages(source);
  if (pages === null) throw new Enough();
  const reader = await (await import('./ocr.ts')).recognise(ocr);
  const pieces = openPieces();
  for (const number of numbers.slice(0, MOST_SCANS))
    await pieces.read(async () => {
      const text = reader.textIn(await pages.draw(number));
      out.page(number);
      out.write(`\n${joined(text)}`);
    });
  if (numbers.length > MOST_SCANS) throw new Enough();
  pieces.end();
}

async function opened(source: Source): Promise<PDFDocumentProxy> {
  const { getDocument, PDFDataRangeTransport } = await import('unpdf/pdfjs');
  const transport = new PDFDataRangeTransport(source.bytes, new Uint8Array(await source.read(0, BEGINNING)));
  const loading = getDocument({
    range: transport,
    rangeChunkSize: PIECE,
    ...{ disableAutoFetch: true, disableStream: true },
    // Nothing is drawn, run or fetched.
    ...{ disableFontFace: true, useSystemFonts: false, isEvalSupported: false, enableXfa: false },
    ...{ useWorkerFetch: false, isOffscreenCanvasSupported: false, isImageDecoderSupported: false },
    verbosity: 0,
  });
  return new Promise((resolve, reject) => {
    loading.promise.then(resolve, (cause: Error) => reject(fault(cause)));
    // A piece that cannot be read would be waited for without end.
    transport.requestDataRange = (begin: number, end: number) => {
      const piece = source.read(begin, end - begin);
      piece.then((bytes) => transport.onDataRange(begin, new Uint8Array(bytes)), reject);
    };
  });
}

function fault(cause: Error): ReadingError {
  return cause.name === 'PasswordException'
    ? new ReadingError('password_protected', 'The PDF is locked.', { cause })
    : new ReadingError('damaged', 'The PDF cannot be read.', { cause });
}
