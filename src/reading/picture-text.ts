import type { Output } from './output.ts';
import type { Source } from './source.ts';
import { walkXml } from './xml.ts';

const WORDS = new Set(['text', 'title', 'desc']);

/** What is written in a drawing (SVG), without its lines. */
export async function readPictureText(source: Source, out: Output): Promise<void> {
  let depth = 0;
  let y: string | undefined;
  await walkXml(source.stream(), {
    open(name, attributes) {
      if (WORDS.has(name)) depth += 1;
      if (name !== 'text' && name !== 'tspan') return;
      // A piece of a text that begins anew at the left, below: its next line (SVG 2, chapter 11.2). Others are letters moved a little.
      const isBelow = attributes.y === undefined ? attributes.dy !== undefined : attributes.y !== y;
      if (name === 'tspan' && attributes.x !== undefined && isBelow) out.write('\n');
      y = attributes.y ?? y;
    },
    close(name) {
      if (!WORDS.has(name)) return;
      depth -= 1;
      out.write('\n');
    },
    text(text) {
      if (depth > 0) out.write(text);
    },
  });
}
