import { emojiOf } from './emoji.ts';

/**
 * Slack's mrkdwn, parsed into a small tree. Ours, because Markdown parsers change what Slack shows as it is: a line
 * that begins with `1. ` or `#` is ordinary text here.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'user'; id: string }
  | { kind: 'channel'; id: string; label: string | null }
  | { kind: 'broadcast'; text: string }
  | { kind: 'link'; href: string; label: string }
  | { kind: 'date'; at: number; format: string; href: string | null; fallback: string }
  | { kind: 'emoji'; name: string; char: string };

export type Part =
  | { kind: 'line'; children: Inline[] }
  | { kind: 'quote'; lines: Inline[][] }
  | { kind: 'pre'; text: string };

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const WORD = /[\p{L}\p{N}]/u;

/** Turns `&lt;`, `&gt;` and `&amp;` back; Slack escapes these three and no others. */
export function unescapeText(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name: string) =>
    name === 'lt' ? '<' : name === 'gt' ? '>' : '&',
  );
}

/** Only URLs that a browser may follow from a chat message. */
export function safeHref(url: string): string | null {
  return /^(https?:\/\/|mailto:|tel:)/i.test(url) ? url : null;
}

/** Parses a whole text. Never throws; anything that is not markup stays text. */
export function parseMrkdwn(source: string): Part[] {
  const parts: Part[] = [];
  const fences = source.split('```');
  // An odd fence has no partner: the rest is ordinary text.
  const closed = fences.length % 2 === 1 ? fences.length : fences.length - 1;
  fences.forEach((piece, index) => {
    if (index % 2 === 1 && index < closed) {
      parts.push({ kind: 'pre', text: unescapeText(piece.replace(/^\n|\n$/g, '')) });
      return;
    }
    const text = index >= closed ? `\`\`\`${piece}` : piece;
    const trimmed = text
      .replace(index > 0 && index < closed ? /^\n/ : /(?!)/, '')
      .replace(/\n$/, index < fences.length - 1 ? '' : '\n');
    if (trimmed === '' && fences.length > 1) return;
    for (const line of trimmed.split('\n')) addLine(parts, line);
  });
  return parts;
}

function addLine(parts: Part[], line: string): void {
  const quoted = /^(?:&gt;|>) ?(.*)$/s.exec(line);
  if (!quoted) {
    parts.push({ kind: 'line', children: parseInline(line) });
    return;
  }
  const children = parseInline(quoted[1] ?? '');
  const last = parts.at(-1);
  if (last?.kind === 'quote') last.lines.push(children);
  else parts.push({ kind: 'quote', lines: [children] });
}

/** Parses one line. */
export function parseInline(line: string): Inline[] {
  const out: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') out.push({ kind: 'text', text: unescapeText(plain) });
    plain = '';
  };
  let at = 0;
  while (at < line.length) {
    const found = markupAt(line, at);
    if (found) {
      flush();
      out.push(found.node);
      at += found.length;
    } else {
      plain += line[at];
      at += 1;
    }
  }
  flush();
  return out;
}

type Found = { node: Inline; length: number } | null;

function markupAt(line: string, at: number): Found {
  const char = line[at];
  if (char === '<') return angle(line, at);
  if (char === '`') return code(line, at);
  if (char === ':') return emoji(line, at);
  if (char === 'h') return bareLink(line, at);
  if (char === '*' || char === '_' || char === '~') return styled(line, at, char);
  return null;
}

function angle(line: string, at: number): Found {
  const end = line.indexOf('>', at);
  if (end < 0) return null;
  const inside = line.slice(at + 1, end);
  const length = end - at + 1;
  const [target = '', ...rest] = inside.split('|');
  const label = rest.length > 0 ? unescapeText(rest.join('|')) : null;
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { node: { kind: 'user', id: target.slice(1) }, length };
  if (/^#[CGD][A-Z0-9]+$/.test(target))
    return { node: { kind: 'channel', id: target.slice(1), label }, length };
  if (target.startsWith('!date^')) return dateMarkup(target, label ?? '', length);
  if (target.startsWith('!')) {
    const name = target.slice(1).split('^')[0] ?? '';
    return { node: { kind: 'broadcast', text: label ?? `@${name}` }, length };
  }
  const href = safeHref(unescapeText(target));
  return href === null ? null : { node: { kind: 'link', href, label: label ?? href }, length };
}

function dateMarkup(target: string, fallback: string, length: number): Found {
  const [, seconds = '', format = '', ...link] = target.split('^');
  if (!/^\d+$/.test(seconds)) return { node: { kind: 'text', text: fallback }, length };
  const href = link.length > 0 ? safeHref(link.join('^')) : null;
  return { node: { kind: 'date', at: Number(seconds) * 1000, format, href, fallback }, length };
}

function code(line: string, at: number): Found {
  const end = line.indexOf('`', at + 1);
  if (end <= at + 1) return null;
  return { node: { kind: 'code', text: unescapeText(line.slice(at + 1, end)) }, length: end - at + 1 };
}

function emoji(line: string, at: number): Found {
  const found = /^:([a-z0-9_+-]+):(?::skin-tone-\d:)?/.exec(line.slice(at, at + 80));
  const name = found?.[1];
  const char = name === undefined ? null : emojiOf(name);
  return found && name && char ? { node: { kind: 'emoji', name, char }, length: found[0].length } : null;
}

function bareLink(line: string, at: number): Found {
  if (at > 0 && WORD.test(line[at - 1] ?? '')) return null;
  const found = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?'")\]]/.exec(line.slice(at));
  if (!found) return null;
  const href = unescapeText(found[0]);
  return { node: { kind: 'link', href, label: href }, length: found[0].length };
}

/** `*bold*`: the markers stand at word edges, with no blank just inside, as Slack wants it. */
function styled(line: string, at: number, marker: '*' | '_' | '~'): Found {
  const before = line[at - 1];
  const first = line[at + 1];
  if (before !== undefined && (WORD.test(before) || before === marker)) return null;
  if (first === undefined || /\s/.test(first) || first === marker) return null;
  for (let end = line.indexOf(marker, at + 2); end >= 0; end = line.indexOf(marker, end + 1)) {
    const after = line[end + 1];
    if (/\s/.test(line[end - 1] ?? ' ')) continue;
    if (after !== undefined && (WORD.test(after) || after === marker)) continue;
    const children = parseInline(line.slice(at + 1, end));
    return { node: { kind: STYLES[marker], children }, length: end - at + 1 };
  }
  return null;
}
