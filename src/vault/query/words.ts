import { plainSigns } from '../../text/signs.ts';
import { mentionsAsTyped } from '../../text/typed.ts';
import { readable } from './most-words.ts';

/** One word of the typed text. */
export interface Word {
  /** The form that means the same when it is put into a query again. */
  raw: string;
  /** The word without the quotes around it. */
  text: string;
  /** The filter, if it is one; null for a word of a name. All text in quotes is part of a name. */
  filter: { name: string; value: string } | null;
  /** The person or channel that it names, also as a filter's value. */
  person?: string;
  channel?: string;
}

const PERSON = /^<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const CHANNEL = /^<#([CGD][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const DOUBLE = '"“”„‟«»″＂';
const SINGLE = "'’‘‛‚‹›";
/** The most text between single quotes: such a sign is more often an apostrophe. */
const LONGEST = 400;
/** Two quotes join the text between them if a word begins at the first and ends at the second. */
const PIECE = new RegExp(
  `\\s*(?:[${DOUBLE}]([^${DOUBLE}]*)[${DOUBLE}](?=\\s|$)|[${SINGLE}](\\S(?:.{0,${LONGEST}}?\\S)??)[${SINGLE}](?=\\s|$)` +
    `|([a-z0-9]+[:：])[${DOUBLE}]([^${DOUBLE}]*)[${DOUBLE}](?=\\s|$)|((?:<[@#!][^<>]*>|\\S)+))`,
  'gisuy',
);

interface Piece {
  whole: string;
  quoted: string | undefined;
}

/**
 * Splits the typed text into words and filters such as `type:pdf`; `names` says which filters exist here. Text between
 * two quotes (of any kind) is part of a name, never a filter. `after: 7d` and `size: > 10 mb` are one filter each.
 * Throws `UserError` for too much text.
 */
export function readWords(query: string, names: readonly string[]): Word[] {
  const pieces = piecesOf(readable(query));
  const words: Word[] = [];
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at] as Piece;
    const whole = plain(piece.whole);
    const [, typed = '', rest = ''] = FILTER.exec(whole) ?? [];
    const name = typed.toLowerCase();
    if (piece.quoted !== undefined)
      words.push({ raw: piece.whole, text: mentionsAsTyped(piece.quoted), filter: null });
    else if (!names.includes(name)) words.push(wordOf(piece.whole, whole));
    else {
      const following = untilFilter(pieces.slice(at + 1, at + 1 + MOST_PARTS), names);
      const { value, taken } = name === 'size' ? sizeIn(rest, following) : valueIn(rest, following);
      words.push(filterOf(name, value.replace(/["']/g, '').trim()));
      at += taken;
    }
    at += 1;
  }
  return words;
}

const FILTER = /^([a-z0-9]+):(.*)$/is;

/** Plain signs, and normal letters instead of the wide ones of some keyboards. */
const plain = (text: string) => plainSigns(text).normalize('NFKC').trim();

function piecesOf(query: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [whole, double, single, name, value, word] of query.matchAll(PIECE)) {
    const quoted = double ?? single;
    if (quoted?.trim() === '') continue;
    if (name !== undefined) pieces.push({ whole: `${name}${value}`, quoted: undefined });
    else if (quoted !== undefined) pieces.push({ whole: whole.trim(), quoted: quoted.trim() });
    else pieces.push({ whole: word ?? '', quoted: undefined });
  }
  return pieces;
}

function wordOf(whole: string, plain: string): Word {
  const person = PERSON.exec(plain)?.[1];
  const channel = CHANNEL.exec(plain)?.[1];
  if (person !== undefined) return { raw: `<@${person}>`, text: whole, filter: null, person };
  if (channel !== undefined) return { raw: `<#${channel}>`, text: whole, filter: null, channel };
  return { raw: safely(whole), text: whole, filter: null };
}

/** Puts quotes around a word that begins with a quote: elsewhere, that quote could find a partner. */
function safely(whole: string): string {
  return `${DOUBLE}${SINGLE}`.includes(whole.charAt(0)) && whole.length < LONGEST ? `'${whole}'` : whole;
}

function filterOf(name: string, value: string): Word {
  const person = PERSON.exec(value)?.[1];
  const channel = CHANNEL.exec(value)?.[1];
  const short = person !== undefined ? `<@${person}>` : channel !== undefined ? `<#${channel}>` : value;
  const said = `${name}:${short}`;
  // Without quotes, the text after a space would become a word of a name the next time.
  const raw = /\s/.test(short) ? `${name}:"${short}"` : said;
  return {
    ...{ raw, text: said, filter: { name, value: short } },
    ...(person === undefined ? {} : { person }),
    ...(channel === undefined ? {} : { channel }),
  };
}

const MOST_PARTS = 4;

/** The next words that can be a filter's value: up to the first one in quotes or the next filter. */
function untilFilter(following: Piece[], names: readonly string[]): string[] {
  const parts = following.map(({ whole }) => plain(whole));
  const end = following.findIndex(
    ({ quoted }, i) =>
      quoted !== undefined || names.includes(FILTER.exec(parts[i] as string)?.[1]?.toLowerCase() ?? ''),
  );
  return end < 0 ? parts : parts.slice(0, end);
}

/** If a filter ends with its colon, the next word is its value. */
function valueIn(rest: string, following: string[]): { value: string; taken: number } {
  const [next] = following;
  return rest !== '' || next === undefined ? { value: rest, taken: 0 } : { value: next, taken: 1 };
}

const AMOUNT = String.raw`\d{1,9}(?:[.,]\d{1,3})?(?: ?(?:[kmgt]i?b?|b|bytes?))?`;
const SIZE = new RegExp(
  `^(?:(?:>=|<=|=>|=<|>|<|≥|≤|=)? ?${AMOUNT}|${AMOUNT} ?(?:\\.\\.+|-) ?${AMOUNT})$`,
  'i',
);

/** Takes as many of the next words as form a size: `> 10 mb`. If none do, reads it like any other filter. */
function sizeIn(rest: string, following: string[]): { value: string; taken: number } {
  for (let taken = following.length; taken >= 0; taken--) {
    const value = [rest, ...following.slice(0, taken)].join(' ').trim();
    if (SIZE.test(value)) return { value: value.replace(/ /g, ''), taken };
  }
  return valueIn(rest, following);
}
