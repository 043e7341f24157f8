import { readBeside } from './beside.ts';
import type { Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { relationsOf } from './relations.ts';
import { readOfficeText } from './word.ts';
import { local, walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/** PowerPoint's slides, in the order in which they are shown, each with its notes (ECMA-376, part 1, chapter 19). */
export async function readSlides(main: string, parts: Parts, out: Output, pieces: Pieces): Promise<void> {
  for (const [at, slide] of (await slidesInOrder(main, parts)).entries()) {
    out.page(at + 1);
    await pieces.read(() => readOfficeText(parts.open(slide), out));
    await readBeside(parts, slide, out, pieces);
  }
}

/** The files are numbered as they were made, not as they are shown. */
async function slidesInOrder(main: string, parts: Parts): Promise<string[]> {
  const ids: string[] = [];
  await walkXml(parts.open(main), {
    open(tag, attributes) {
      if (tag !== 'sldId') return;
      // It has an `id` of its own and, with a prefix, that of the part.
      const key = Object.keys(attributes).find((name) => name.includes(':') && local(name) === 'id');
      if (key !== undefined) ids.push(attributes[key] as string);
    },
  });
  const relations = await relationsOf(parts, main);
  return ids
    .map((id) => relations.get(id)?.part)
    .filter((part) => part !== undefined && parts.has(part)) as string[];
}
