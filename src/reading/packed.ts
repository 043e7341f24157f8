import { isOpenDocument, readOpenDocument } from './open-document.ts';
import type { Output } from './output.ts';
import { openPieces, type Pieces } from './pieces.ts';
import { readSheets } from './sheets.ts';
import { readSlides } from './slides.ts';
import type { Source } from './source.ts';
import { readWord } from './word.ts';
import { openZip, type Parts, partsOf } from './zip.ts';
import { readZipNames } from './zip-names.ts';

/** A zip file: a document of an office program, else files, whose names are read. */
export async function readPacked(source: Source, out: Output, unpackedBytes: number): Promise<void> {
  const parts = await partsOf(await openZip(source), unpackedBytes);
  const read = await readerOf(parts);
  if (read === null) return readZipNames(parts, out);
  const pieces = openPieces();
  await read(parts, out, pieces);
  pieces.end();
}

type Read = (parts: Parts, out: Output, pieces: Pieces) => Promise<void>;

async function readerOf(parts: Parts): Promise<Read | null> {
  if (await isOpenDocument(parts)) return readOpenDocument;
  if (!parts.has('[Content_Types].xml')) return null;
  if (parts.names.some((name) => /^word\/document\d*\.xml$/i.test(name))) return readWord;
  if (parts.has('xl/workbook.xml')) return readSheets;
  return parts.has('ppt/presentation.xml') ? readSlides : null;
}
