import { isNextLine } from './drawn-text.ts';
import { CELLS, LINES } from './html.ts';
import { shownBy } from './html-style.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';
import { walkXml } from './xml.ts';

/** A piece of a web page is in the last one: draw.io and Mermaid write their labels so. */
const WORDS = new Set(['text', 'title', 'desc', 'foreignObject']);
const HIDDEN = new Set(['style', 'script']);

/** What an element that is open means for what is in it. */
interface Open {
  isHidden: boolean;
  /** Whether it is the one of a choice that is shown: what follows in that is the same, shortened, for other programs (SVG 2, chapter 5.9). */
  isChosen: boolean;
  /** Whether something in it was chosen. */
  isDone: boolean;
}

/** What is written in a drawing (SVG), without its lines. */
export async function readPictureText(source: Source, out: Output): Promise<void> {
  let depth = 0;
  let hidden = 0;
  let y: string | undefined;
  /** From outside to inside. */
  const open: Open[] = [];
  const choices: Open[] = [];
  await walkXml(source.stream(), {
    open(name, attributes) {
      const choice = choices.at(-1);
      const isOption = choice !== undefined && choice === open.at(-1);
      const element = {
        isHidden: HIDDEN.has(name) || isNotShown(attributes) || (isOption && choice.isDone),
        isChosen: isOption && isForAll(name, attributes),
        isDone: false,
      };
      open.push(element);
      if (name === 'switch') choices.push(element);
      hidden += Number(element.isHidden);
      if (WORDS.has(name)) depth += 1;
      else if (depth > 0 && LINES.has(name)) out.write('\n');
      if (name !== 'text' && name !== 'tspan') return;
      if (name === 'tspan' && isNextLine(attributes, y)) out.write('\n');
      y = attributes.y ?? y;
    },
    close(name) {
      const element = open.pop();
      if (element === choices.at(-1)) choices.pop();
      const around = open.at(-1);
      if (element?.isChosen && around !== undefined) around.isDone = true;
      hidden -= Number(element?.isHidden ?? false);
      if (WORDS.has(name)) depth -= 1;
      if (WORDS.has(name) || (depth > 0 && LINES.has(name))) out.write('\n');
      else if (depth > 0 && CELLS.has(name)) out.write('\t');
    },
    text(text) {
      if (depth > 0 && hidden === 0) out.write(text);
    },
  });
}

/** Pieces of pages are, whatever they ask for: browsers show them. Others may be for one language. */
function isForAll(name: string, { systemLanguage, requiredExtensions }: Record<string, string>): boolean {
  return name === 'foreignObject' || (systemLanguage === undefined && requiredExtensions === undefined);
}

function isNotShown({ display, visibility, style }: Record<string, string>): boolean {
  const isHidden = display === 'none' || visibility === 'hidden';
  return isHidden || (style !== undefined && shownBy('', { style }) === 'hidden');
}
