import { plainSigns } from '../../text/signs.ts';
import { readable } from './most-words.ts';

/** One word of what was typed. */
export interface Word {
  /** As it can stand in a query again and means the same. */
  raw: string;
  /** What it says: without the quotes around it. */
  text: string;
  /** The filter that it is; null for a word of a name, as everything in quotes is. */
  filter: { name: string; value: string } | null;
  /** The person or channel that it names, also as a filter's value. */
  person?: string;
  channel?: string;
}

const PERSON = /^<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const CHANNEL = /^<#([CGD][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const DOUBLE = '"“”„‟«»″＂';
const SINGLE = "'’‘‛‚‹›";
/** So much stands between single quotes at most: apostrophes are commoner than these. */
const LONGEST = 400;
/** Quotes hold together what stands between two of them, where a word begins and where one ends. Others are text. */
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
 * Splits what was typed into words and filters such as `type:pdf`, for the `names` that are filters here. What is in
 * quotes (of any kind, if there are two of them) is a part of a name, never a filter. `after: 7d` and `size: > 10 mb`
 * are one filter each. Throws `UserError` for more than anybody looks for.
 */
export function readWords(query: string, names: readonly string[]): Word[] {
  const pieces = piecesOf(readable(query));
  const words: Word[] = [];
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at] as Piece;
    const whole = plain(piece.whole);
    const [, typed = '', rest = ''] = FILTER.exec(whole) ?? [];
    const name = typed.toLowerCase();
    if (piece.quoted !== undefined) words.push({ raw: piece.whole, text: piece.quoted, filter: null });
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

/** With plain signs, and with the wide letters of some keyboards as others have them. */
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

/** A word that begins with a quote of its own: in another place, that could find a partner. So it gets quotes around it. */
function safely(whole: string): string {
  return `${DOUBLE}${SINGLE}`.includes(whole.charAt(0)) && whole.length < LONGEST ? `'${whole}'` : whole;
}

function filterOf(name: string, value: string): Word {
  const person = PERSON.exec(value)?.[1];
  const channel = CHANNEL.exec(value)?.[1];
  const short = person !== undefined ? `<@${person}>` : channel !== undefined ? `<#${channel}>` : value;
  const said = `${name}:${short}`;
  // Without quotes, what comes after a space would be a word of a name the next time.
  const raw = /\s/.test(short) ? `${name}:"${short}"` : said;
  return {
    ...{ raw, text: said, filter: { name, value: short } },
    ...(person === undefined ? {} : { person }),
    ...(channel === undefined ? {} : { channel }),
  };
}

const MOST_PARTS = 4;

/** The next words as far as they can be a filter's value: what is in quotes and what is a filter cannot. */
function untilFilter(following: Piece[], names: readonly string[]): string[] {
  const parts = following.map(({ whole }) => plain(whole));
  const end = following.findIndex(
    ({ quoted }, i) =>
      quoted !== undefined || names.includes(FILTER.exec(parts[i] as string)?.[1]?.toLowerCase() ?? ''),
  );
  return end < 0 ? parts : parts.slice(0, end);
}

/** A filter that ends with its colon has the next word for its value. */
function valueIn(rest: string, following: string[]): { value: string; taken: number } {
  const [next] = following;
  return rest !== '' || next === undefined ? { value: rest, taken: 0 } : { value: next, taken: 1 };
}

const AMOUNT = String.raw`\d{1,9}(?:[.,]\d{1,3})?(?: ?(?:[kmgt]i?b?|b|bytes?))?`;
const SIZE = new RegExp(
  `^(?:(?:>=|<=|=>|=<|>|<|≥|≤|=)? ?${AMOUNT}|${AMOUNT} ?(?:\\.\\.+|-) ?${AMOUNT})$`,
  'i',
);

/** As many of the next words as make a size with it: `> 10 mb`. Without any that do, as any other filter. */
function sizeIn(rest: string, following: string[]): { value: string; taken: number } {
  for (let taken = following.length; taken >= 0; taken--) {
    const value = [rest, ...following.slice(0, taken)].join(' ').trim();
    if (SIZE.test(value)) return { value: value.replace(/ /g, ''), taken };
  }
  return valueIn(rest, following);
}
