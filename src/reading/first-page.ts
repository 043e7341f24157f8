import { BEGINNING } from './extract.ts';
import { formatOf } from './format.ts';
import type { Hint } from './hint.ts';
import type { Limits } from './limits.ts';
import type { Picture } from './reading.ts';
import type { Source } from './source.ts';
import { MOST_PICTURE } from './told.ts';
import type { Parts } from './zip.ts';

/**
 * A small picture of a document's first page. A PDF is drawn; an office file has one in it if the program that wrote it put it there.
 * Null where there is none. Throws for a damaged file.
 */
export async function firstPage(
  source: Source,
  hint: Hint,
  { unpackedBytes }: Pick<Limits, 'unpackedBytes'>,
): Promise<Picture | null> {
  const format = formatOf(await source.read(0, BEGINNING), hint);
  const picture =
    format === 'pdf'
      ? await (await import('./draw-pdf.ts')).drawFirstPage(source)
      : format === 'zip'
        ? await thumbnailOf(source, unpackedBytes)
        : null;
  return picture !== null && picture.bytes.length <= MOST_PICTURE ? picture : null;
}

/** The code for zip files is loaded only for one. */
async function thumbnailOf(source: Source, unpackedBytes: number): Promise<Picture | null> {
  const { openZip, partsOf } = await import('./zip.ts');
  return thumbnailIn(await partsOf(await openZip(source), unpackedBytes));
}

/** OpenDocument's own place for it (ODF 1.3, part 2, chapter 3.7). */
const OPEN_DOCUMENT = 'Thumbnails/thumbnail.png';

/** Office files name it among what the whole file refers to (ECMA-376, part 2, chapter 12.1). */
async function thumbnailIn(parts: Parts): Promise<Picture | null> {
  if (parts.has(OPEN_DOCUMENT)) return pictureIn(parts, OPEN_DOCUMENT);
  const { relationsOf } = await import('./relations.ts');
  const relations = parts.has('[Content_Types].xml') ? await relationsOf(parts, '') : new Map();
  const thumbnail = [...relations.values()].find(({ kind }) => kind === 'thumbnail');
  return thumbnail === undefined ? null : pictureIn(parts, thumbnail.part);
}

async function pictureIn(parts: Parts, name: string): Promise<Picture | null> {
  const chunks: Buffer[] = [];
  let left = MOST_PICTURE;
  for await (const chunk of parts.open(name)) {
    left -= chunk.length;
    if (left < 0) return null;
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const kind = kindOf(bytes);
  return kind === null ? null : { kind, bytes };
}

/** Slack shows these two; Word has others in its files, too. */
function kindOf(bytes: Buffer): Picture['kind'] | null {
  if (bytes.subarray(0, 4).toString('latin1') === '\x89PNG') return 'png';
  return bytes.subarray(0, 3).toString('latin1') === '\xff\xd8\xff' ? 'jpeg' : null;
}
