import { openPages } from './draw-pdf.ts';
import type { Output } from './output.ts';
import { joined } from './pdf-lines.ts';
import { openPieces } from './pieces.ts';
import type { Source } from './source.ts';

/**
 * Reads the pages of a damaged PDF that PDF.js does not give: behind one that is no page it finds none, PDFium does. `read` are
 * those that are read already. Returns whether all pages are read now.
 */
export async function readRest(source: Source, out: Output, read: ReadonlySet<number>): Promise<boolean> {
  const pages = await openPages(source).catch(() => null);
  if (pages === null || pages.count === 0) return false;
  const pieces = openPieces();
  for (let number = 1; number <= pages.count; number += 1) {
    if (read.has(number)) continue;
    await pieces.read(async () => {
      const text = joined(pages.textOf(number));
      out.page(number);
      out.write(text);
    });
  }
  return pieces.isWhole();
}
