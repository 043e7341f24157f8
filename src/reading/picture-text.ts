import type { Output } from './output.ts';
import type { Source } from './source.ts';
import { walkXml } from './xml.ts';

const WORDS = new Set(['text', 'title', 'desc']);

/** What is written in a drawing (SVG), without its lines. */
export async function readPictureText(source: Source, out: Output): Promise<void> {
  let depth = 0;
  await walkXml(source.stream(), {
    open(name) {
      if (WORDS.has(name)) depth += 1;
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
