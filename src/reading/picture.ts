import { Enough, type Output } from './output.ts';
import { openPieces } from './pieces.ts';
import { ReadingError } from './reading.ts';
import type { Source } from './source.ts';
import { beginWith, tiffPages } from './tiff-pages.ts';

/** A larger one is no page. In bytes. */
const MOST_BYTES = 32 * 1024 ** 2;

/** The letters in a picture, where languages are named; of a TIFF, page by page. */
export async function readPicture(source: Source, out: Output, ocr: string): Promise<void> {
  if (ocr === '') throw new ReadingError('not_readable', 'Pictures are not read here.');
  if (source.bytes > MOST_BYTES) throw new ReadingError('too_large', 'The picture is too large.');
  const reader = await (await import('./ocr.ts')).recognise(ocr);
  const picture = await source.read(0, source.bytes);
  const { lists, isAll } = tiffPages(picture);
  const pieces = openPieces();
  for (const [at, list] of lists.entries())
    await pieces.read(async () => {
      if (lists.length > 1) beginWith(picture, list);
      const text = reader.textIn(picture);
      if (lists.length > 1) out.page(at + 1);
      out.write(text);
    });
  if (!isAll) throw new Enough();
  pieces.end();
}
