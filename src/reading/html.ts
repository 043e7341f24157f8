import { type Handler, Parser, type ParserOptions } from 'htmlparser2';
import { isNextLine } from './drawn-text.ts';
import { decoded } from './encoding.ts';
import { type Shown, shownBy } from './html-style.ts';
import type { Output } from './output.ts';
import type { Source } from './source.ts';

/** What stands in them is not shown. */
const HIDDEN = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  // A formula once more, for programs.
  ...['annotation', 'annotation-xml'],
  'iframe',
  'object',
  // For programs that know no frames, films and drawings; what may be chosen for a field.
  ...['noframes', 'noembed', 'video', 'audio', 'canvas', 'datalist'],
  // How a Japanese word is spoken.
  ...['rt', 'rp', 'rtc'],
]);
/** All that may stand in a head: at anything else, it has ended (HTML Standard, 13.2.6.4.4: the "in head" insertion mode). */
const IN_HEAD = new Set(
  'base basefont bgsound head html link meta noframes noscript script style template title'.split(' '),
);
/** A line of their own. */
export const LINES = new Set(
  'address article aside blockquote br caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search section summary table title tr ul'.split(
    ' ',
  ),
);
/** Cells stand beside each other. */
export const CELLS = new Set(['td', 'th']);
/** In a line, and no part of the word beside them. */
const BOXES = new Set([
  ...['button', 'select', 'textarea'],
  // Names, numbers and signs of a formula.
  ...['mi', 'mn', 'mo', 'ms', 'mtext'],
]);
/** What is shown of a drawing in the page. */
const DRAWN = new Set(['text', 'foreignObject']);
/** Fields whose value is not shown as it is. */
const NOT_SHOWN = new Set(['hidden', 'password', 'checkbox', 'radio', 'file', 'image', 'color', 'range']);

const NUMBER = /^\s*\[?[\d*†‡]{1,3}\]?\s*$/;
const CHARSET = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:-]+)/i;
/** A saved page may say it as XML does. */
const IN_XML = /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w:-]+)/i;

/** The encoding that a page says it is in. */
export function declaredInHtml(beginning: string): string | undefined {
  return (CHARSET.exec(beginning) ?? IN_XML.exec(beginning))?.[1];
}

/** What a web page shows: a canvas or a mail as Slack renders it, too. */
export async function readHtml(source: Source, out: Output): Promise<void> {
  const page = htmlReader(out);
  for await (const text of decoded(source.stream(), declaredInHtml)) page.write(text);
  page.end();
}

/** A page that says that it is XML, where an element may end itself (`<script src="a.js"/>`), and text stands as it is (`CDATA`). */
const XHTML = /^\s*<\?xml\s|<html\s[^>]{0,1000}xmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/i;
const AS_XML: ParserOptions = { recognizeSelfClosing: true, recognizeCDATA: true };

/** Takes HTML piece by piece. It need not be right, or whole. */
export function htmlReader(out: Output): { write(html: string): void; end(): void } {
  const handler = handlerOf(out);
  let parser: Parser | undefined;
  return {
    write(html) {
      parser ??= new Parser(handler, XHTML.test(html.slice(0, 4_096)) ? AS_XML : {});
      parser.write(html);
    },
    end: () => parser?.end(),
  };
}

function handlerOf(out: Output): Partial<Handler> {
  /** The hidden element that we are in, and how many of its name are open. */
  let hidden: string | null = null;
  let depth = 0;
  let inHead = false;
  let inTitle = false;
  /** Words of drawings, and how many drawings are open around each. */
  const drawn: { name: string; depth: number }[] = [];
  let y: string | undefined;
  /** What stands round the elements that are open, from outside to inside. */
  const around: string[] = [];
  /** What stands in a link, until it ends. */
  let link: string | null = null;
  const endLink = () => {
    // The number of a note is no part of the word beside it.
    if (link !== null) out.write(NUMBER.test(link) ? ` ${link} ` : link);
    link = null;
  };
  const write = (text: string) => {
    if (link === null) out.write(text);
    else link += text;
  };
  return {
    onopentag(name, attributes) {
      const shown = shownBy(name, attributes);
      const gap = gapOf(name, shown);
      around.push(gap);
      if (name === 'title') inTitle = true;
      if (hidden !== null) {
        if (name === hidden) depth += 1;
        if (hidden === 'svg' && DRAWN.has(name) && shown !== 'hidden') {
          drawn.push({ name, depth });
          [hidden, depth, y] = [null, 0, attributes.y];
          out.write('\n');
        }
        return;
      }
      inHead = name === 'head' || (inHead && IN_HEAD.has(name));
      if (name === 'a' || LINES.has(name)) endLink();
      if (HIDDEN.has(name) || shown === 'hidden') {
        [hidden, depth] = [name, 1];
        return;
      }
      if (gap !== '\t') write(gap);
      if (name === 'a') link = '';
      else if (name === 'tspan') {
        if (isNextLine(attributes, y)) write('\n');
        y = attributes.y ?? y;
      } else if (name === 'img') write(` ${attributes.alt ?? ''} `);
      else if (name === 'input') write(` ${fieldValue(attributes)} `);
    },
    onclosetag(name) {
      const gap = around.pop() ?? '';
      if (name === 'a' || LINES.has(name)) endLink();
      if (name === 'head') inHead = false;
      if (hidden === null && name === drawn.at(-1)?.name) {
        [hidden, depth] = ['svg', drawn.pop()?.depth ?? 1];
        out.write('\n');
        return;
      }
      if (name === 'title') {
        inTitle = false;
        out.write('\n');
      }
      if (hidden === name) {
        depth -= 1;
        if (depth === 0) hidden = null;
      } else if (hidden === null) write(gap);
    },
    ontext(text) {
      if (hidden !== null) return;
      const shown = text.replaceAll(/[\r\n]+/g, ' ');
      if (inHead && !inTitle) {
        if (shown.trim() === '') return;
        inHead = false;
      }
      write(shown);
    },
    onend: endLink,
  };
}

/** What stands in front of and behind an element: a line's end, a gap, nothing; behind a cell, a tab. */
function gapOf(name: string, shown: Shown): string {
  if (LINES.has(name) || shown === 'block') return '\n';
  if (CELLS.has(name)) return '\t';
  return BOXES.has(name) || shown === 'box' ? ' ' : '';
}

/** What a field shows. */
function fieldValue({ type = '', value = '' }: Record<string, string>): string {
  return NOT_SHOWN.has(type.trim().toLowerCase()) ? '' : value;
}
