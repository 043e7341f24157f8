import { isOpenDocument, readOpenDocument } from './open-document.ts';
import type { Output } from './output.ts';
import { readSheets } from './sheets.ts';
import { readSlides } from './slides.ts';
import type { Source } from './source.ts';
import { readWord } from './word.ts';
import { openZip, partsOf } from './zip.ts';
import { readZipNames } from './zip-names.ts';

/** A zip file: a document of an office program, else files, whose names are read. */
export async function readPacked(source: Source, out: Output, unpackedBytes: number): Promise<void> {
  const parts = await partsOf(await openZip(source), unpackedBytes);
  if (await isOpenDocument(parts)) return readOpenDocument(parts, out);
  if (parts.has('[Content_Types].xml')) {
    if (parts.names.some((name) => /^word\/document\d*\.xml$/i.test(name))) return readWord(parts, out);
    if (parts.has('xl/workbook.xml')) return readSheets(parts, out);
    if (parts.has('ppt/presentation.xml')) return readSlides(parts, out);
  }
  readZipNames(parts, out);
}
