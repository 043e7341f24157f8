import { isNextLine } from './drawn-text.ts';
import { CELLS, LINES } from './html.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';
import { walkXml } from './xml.ts';

/** A piece of a web page is in the last one: draw.io and Mermaid write their labels so. */
const WORDS = new Set(['text', 'title', 'desc', 'foreignObject']);
const HIDDEN = new Set(['style', 'script']);

/** What is written in a drawing (SVG), without its lines. */
export async function readPictureText(source: Source, out: Output): Promise<void> {
  let depth = 0;
  let hidden = 0;
  let y: string | undefined;
  /** What is open, from outside to inside. */
  const open: string[] = [];
  /** How deep the choice lies whose page was read: what follows in it is the same, shortened, for other programs (SVG 2, chapter 5.9). */
  let chosen = Number.POSITIVE_INFINITY;
  await walkXml(source.stream(), {
    open(name, attributes) {
      open.push(name);
      if (WORDS.has(name)) depth += 1;
      else if (HIDDEN.has(name)) hidden += 1;
      else if (depth > 0 && LINES.has(name)) out.write('\n');
      if (name !== 'text' && name !== 'tspan') return;
      if (name === 'tspan' && isNextLine(attributes, y)) out.write('\n');
      y = attributes.y ?? y;
    },
    close(name) {
      open.pop();
      if (open.length < chosen) chosen = Number.POSITIVE_INFINITY;
      if (name === 'foreignObject' && open.at(-1) === 'switch') chosen = Math.min(chosen, open.length);
      if (HIDDEN.has(name)) hidden -= 1;
      if (WORDS.has(name)) depth -= 1;
      if (WORDS.has(name) || (depth > 0 && LINES.has(name))) out.write('\n');
      else if (depth > 0 && CELLS.has(name)) out.write('\t');
    },
    text(text) {
      if (depth > 0 && hidden === 0 && open.length <= chosen) out.write(text);
    },
  });
}
