import { isOpenDocument, readOpenDocument } from './open-document.ts';
import type { Output } from './output.ts';
import { openPieces, type Pieces } from './pieces.ts';
import { ReadingError } from './reading.ts';
import { relationsOf } from './relations.ts';
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
  if (read === null) return readOthers(parts, out);
  const pieces = openPieces();
  await read(parts, out, pieces);
  pieces.end();
}

type Read = (parts: Parts, out: Output, pieces: Pieces) => Promise<void>;

const TYPES = '[Content_Types].xml';

async function readerOf(parts: Parts): Promise<Read | null> {
  if (await isOpenDocument(parts)) return readOpenDocument;
  if (!parts.has(TYPES)) return null;
  if (parts.names.some((name) => /^word\/document\d*\.xml$/i.test(name))) return readWord;
  const main = await mainOf(parts);
  if (!main.endsWith('.xml')) return null;
  if (main.startsWith('xl/')) return (...all) => readSheets(main, ...all);
  return main.startsWith('ppt/') ? (...all) => readSlides(main, ...all) : null;
}

/** The part that holds all others together: what it is called, the document as a whole says (ECMA-376, part 1, chapters 12.3 and 13.3). */
async function mainOf(parts: Parts): Promise<string> {
  const usual = ['xl/workbook.xml', 'ppt/presentation.xml'].find((name) => parts.has(name));
  if (usual !== undefined) return usual;
  const said = [...(await relationsOf(parts, '')).values()].find(({ kind }) => kind === 'officeDocument');
  return said !== undefined && parts.has(said.part) ? said.part : '';
}

/** Files in a zip file, or a document of a kind that is not read: what its parts are called says nothing to anybody. */
function readOthers(parts: Parts, out: Output): void {
  if (isDocument(parts) && !parts.isLocked)
    throw new ReadingError('kind_not_read', 'Documents of this kind are not read.');
  readZipNames(parts, out);
}

/**
 * Excel's in binary, Visio's, printed ones of Windows (XPS: ECMA-388); books (EPUB Open Container Format 3.3, chapter 4, which some programs pack in another
 * order) and InDesign's; those of Apple's programs.
 */
function isDocument(parts: Parts): boolean {
  const has = (pattern: RegExp) => parts.names.some((name) => pattern.test(name));
  if (parts.has(TYPES)) return has(/^(?:xl|ppt|word|visio)\/|\.fdseq$/i);
  return parts.has('META-INF/container.xml') || has(/^Index\/.*\.iwa$/);
}
