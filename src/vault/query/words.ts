import { plainSigns } from '../../text/signs.ts';
import { mentionsAsTyped } from '../../text/typed.ts';
import { readable } from './most-words.ts';
import { isTime, MOST_PARTS as MOST_OF_PHRASE, phraseAt } from './phrases.ts';
import { AMOUNT } from './sizes.ts';

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
  /** It was in quotes. */
  quoted?: true;
  /** A minus stood before it: what it names is left out. */
  not?: true;
  /** Words that mean this filter without its colon, as typed: `last week`. They could be part of a name. */
  phrase?: string;
}

/** What is read besides words and filters. */
interface Reads {
  /** Words such as `last week`, and a minus before what is left out. */
  phrases?: boolean;
  /** The names of filters whose values are a time, which may be several words. */
  times?: readonly string[];
}

const PERSON = /^<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const CHANNEL = /^<#([CGD][A-Z0-9]+)(?:\|[^<>]*)?>$/;
const DOUBLE = '"“”„‟«»″＂';
const MINUS = '\\-‐‑–—−';
const SINGLE = "'’‘‛‚‹›";
/** The most text between single quotes: such a sign is more often an apostrophe. */
const LONGEST = 400;
/** Two quotes join the text between them if a word begins at the first and ends at the second. */
const PIECE = new RegExp(
  `\\s*(?:([${MINUS}]?)[${DOUBLE}]([^${DOUBLE}]*)[${DOUBLE}](?=\\s|$)|[${SINGLE}](\\S(?:.{0,${LONGEST}}?\\S)??)[${SINGLE}](?=\\s|$)` +
    `|([${MINUS}]?[a-z0-9_-]+[:：])[${DOUBLE}]([^${DOUBLE}]*)[${DOUBLE}](?=\\s|$)|((?:<[@#!][^<>]*>|\\S)+))`,
  'gisuy',
);

interface Piece {
  whole: string;
  quoted: string | undefined;
  not?: true;
}

/**
 * Splits the typed text into words and filters such as `type:pdf`; `names` says which filters exist here. Text between
 * two quotes (of any kind) is part of a name, never a filter. `after: 7d` and `size: > 10 mb` are one filter each.
 * Throws `UserError` for too much text.
 */
export function readWords(query: string, names: readonly string[], reads: Reads = {}): Word[] {
  const pieces = piecesOf(readable(query));
  const words: Word[] = [];
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at] as Piece;
    const phrase = reads.phrases && piece.quoted === undefined ? phraseIn(pieces.slice(at)) : null;
    if (phrase !== null) {
      words.push(phrase.word);
      at += phrase.taken;
      continue;
    }
    const isNot = reads.phrases === true && (piece.not ?? isExcluding(piece));
    const whole = plain(isNot && piece.quoted === undefined ? piece.whole.slice(1) : piece.whole);
    const [, typed = '', rest = ''] = FILTER.exec(whole) ?? [];
    const name = typed.toLowerCase();
    const not = isNot ? ({ not: true } as const) : {};
    if (piece.quoted !== undefined && (piece.not === undefined || isNot))
      words.push({
        ...{ raw: piece.whole, text: mentionsAsTyped(piece.quoted), filter: null, quoted: true },
        ...not,
      });
    else if (piece.quoted !== undefined) words.push(wordOf(piece.whole, plain(piece.whole)));
    else if (!names.includes(name))
      words.push(isNot ? excluded(wordOf(piece.whole.slice(1), whole)) : wordOf(piece.whole, whole));
    else {
      const following = untilFilter(pieces.slice(at + 1, at + 1 + MOST_PARTS), names);
      const { value, taken } = filterValue(name, rest, following, reads.times ?? []);
      const filter = filterOf(name, value.replace(/["']/g, '').trim());
      words.push(isNot ? excluded(filter) : filter);
      at += taken;
    }
    at += 1;
  }
  return words;
}

const FILTER = /^([a-z0-9](?:[a-z0-9_-]*[a-z0-9])?):(.*)$/is;

const excluded = (word: Word): Word => ({ ...word, raw: `-${word.raw}`, not: true });

const EXCLUDING = new RegExp(`^[${MINUS}](?:[\\p{L}\\p{N}.*]|[@#]\\S|<[@#])`, 'u');

/** A minus directly before a word: `-draft`, `-*.pdf`, `-@anna`; not `->`, `--` or a lone dash. */
function isExcluding({ whole }: Piece): boolean {
  return EXCLUDING.test(whole);
}

/** Words in a row that mean a filter, such as `last week`. */
function phraseIn(pieces: Piece[]): { word: Word; taken: number } | null {
  const some = pieces.slice(0, MOST_OF_PHRASE);
  const end = some.findIndex(({ quoted }) => quoted !== undefined);
  const unquoted = end < 0 ? some : some.slice(0, end);
  const found = phraseAt(unquoted.map(({ whole }) => plain(whole)));
  if (found === null) return null;
  const phrase = unquoted.slice(0, found.taken).map(({ whole }) => whole);
  return { word: { ...filterOf(found.name, found.value), phrase: phrase.join(' ') }, taken: found.taken };
}

/** Plain signs, and normal letters instead of the wide ones of some keyboards. */
const plain = (text: string) => plainSigns(text).normalize('NFKC').trim();

function piecesOf(query: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [whole, minus, double, single, name, value, word] of query.matchAll(PIECE)) {
    const quoted = double ?? single;
    if (quoted?.trim() === '') continue;
    if (name !== undefined) pieces.push({ whole: `${name}${value}`, quoted: undefined });
    else if (quoted !== undefined)
      pieces.push({ whole: whole.trim(), quoted: quoted.trim(), ...(minus ? { not: true } : {}) });
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

function filterValue(name: string, rest: string, following: string[], times: readonly string[]) {
  if (SIZES.has(name)) return sizeIn(rest, following);
  return times.includes(name) ? timeIn(rest, following) : valueIn(rest, following);
}

const SIZES = new Set(['size', 'larger', 'smaller', 'bigger']);

/** Takes as many of the next words as form a time: `on:nov 3, 2026`. If none do, reads it like any other filter. */
function timeIn(rest: string, following: string[]): { value: string; taken: number } {
  for (let taken = following.length; taken >= 0; taken--) {
    const value = [rest, ...following.slice(0, taken)].join(' ').trim();
    if (value !== '' && isTime(value)) return { value, taken };
  }
  return valueIn(rest, following);
}

/** If a filter ends with its colon, the next word is its value. */
function valueIn(rest: string, following: string[]): { value: string; taken: number } {
  const [next] = following;
  return rest !== '' || next === undefined ? { value: rest, taken: 0 } : { value: next, taken: 1 };
}

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
