import type { ListFilter } from '../../catalog/model.ts';
import {
  badDate,
  badDigest,
  badSize,
  badType,
  emptyRange,
  emptySizes,
  tooManyTypes,
  twoChannels,
  twoPeople,
  unknownChannel,
  unknownPerson,
} from '../../refusals/find.ts';
import { mentionsAsTyped } from '../../text/typed.ts';
import { DAY_MS } from '../../time.ts';
import { MOST_TYPES, soughtWords } from './most-words.ts';
import { readWords, type Word } from './words.ts';

/** The words that are filters of `/vault list` and `/vault find`. */
const NAMES = ['type', 'from', 'before', 'after', 'since', 'in', 'size', 'sha256', 'sha'];

/**
 * Reads the words of `/vault list` and `/vault find`: `@person`, `#channel`, `type:pdf,png`, `before:` and `after:`
 * with a date, `size:>10mb`, `sha256:` with at least eight digits. Anything else, and all text in quotes, is part of
 * the name. Days are in the asker's time zone: `timeZoneOffset`, in ms. The text is decoded already (`readTyped`).
 * Throws `UserError` for words that look like a filter but are none, and for too many words.
 */
export function parseFilter(
  text: string,
  { now, timeZoneOffset }: { now: number; timeZoneOffset: number },
): ListFilter {
  const filter: ListFilter = {};
  const free: string[] = [];
  for (const word of readWords(text, NAMES)) {
    const { name = '', value = '' } = word.filter ?? {};
    if (word.person !== undefined && (name === '' || name === 'from')) {
      if (filter.userId !== undefined) throw twoPeople();
      filter.userId = word.person;
      continue;
    }
    if (word.channel !== undefined && (name === '' || name === 'in')) {
      if (filter.channelId !== undefined) throw twoChannels();
      filter.channelId = word.channel;
      continue;
    }
    switch (name) {
      case 'size':
        Object.assign(filter, sizesOf(value));
        break;
      case 'sha':
      case 'sha256':
        filter.sha256 = digestOf(value);
        break;
      case 'in':
        throw unknownChannel(word.text);
      case 'type':
        filter.types = [...new Set([...(filter.types ?? []), ...typesOf(value)])];
        break;
      case 'before':
        filter.before = dayOf(value, now, timeZoneOffset);
        break;
      case 'after':
      case 'since':
        filter.after = dayOf(value, now, timeZoneOffset);
        break;
      default:
        if (name !== '' || isMention(word)) {
          throw unknownPerson(word.text);
        }
        if (/^[0-9a-f]{64}$/i.test(word.text)) filter.sha256 = word.text.toLowerCase();
        else free.push(word.text);
    }
  }
  if ((filter.minBytes ?? 0) > (filter.maxBytes ?? Number.MAX_SAFE_INTEGER)) {
    throw emptySizes();
  }
  if (filter.before !== undefined && filter.after !== undefined && filter.after >= filter.before) {
    throw emptyRange();
  }
  if ((filter.types ?? []).length > MOST_TYPES) {
    throw tooManyTypes({ types: MOST_TYPES });
  }
  return free.length === 0 ? filter : { ...filter, text: soughtWords(free.join(' ')) };
}

/** A person or group that Slack did not turn into an id. In quotes, it is a name. */
function isMention({ raw, text }: Word): boolean {
  return raw === text && /^(@\S|<!)/.test(text);
}

const UNITS: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * `>10mb`, `<500k`, `>=1g`, `10..20mb`; a size alone means at least this size. Units are steps of 1,024, as in the
 * sizes that we show; a decimal comma counts as a point.
 */
function sizesOf(value: string): Pick<ListFilter, 'minBytes' | 'maxBytes'> {
  const [, first, second] = /^([^-]+?)(?:\.\.+|-)([^-]+)$/.exec(value) ?? [];
  if (first !== undefined && second !== undefined) {
    const most = amountOf(second);
    // In `10..20mb` both numbers are megabytes.
    const least = amountOf(/\d$/.test(first) ? `${first}${/[a-z]+$/i.exec(second)?.[0] ?? ''}` : first);
    return { minBytes: Math.ceil(least), maxBytes: Math.floor(most) };
  }
  const [, sign = '', amount = ''] = /^(>=|<=|=>|=<|[><≥≤=]|)(.*)$/.exec(value) ?? [];
  const bytes = amountOf(amount);
  if (sign === '<') return { maxBytes: Math.ceil(bytes) - 1 };
  if (sign === '<=' || sign === '=<' || sign === '≤') return { maxBytes: Math.floor(bytes) };
  return { minBytes: sign === '>' ? Math.floor(bytes) + 1 : Math.ceil(bytes) };
}

function amountOf(text: string): number {
  const [whole, digits = '', unit = ''] =
    /^(\d{1,9}(?:[.,]\d{1,3})?)(?:([kmgt])i?b?|b|bytes?)?$/i.exec(text) ?? [];
  if (whole === undefined) {
    throw badSize();
  }
  return Number(digits.replace(',', '.')) * (UNITS[unit.toLowerCase()] ?? 1);
}

function digestOf(value: string): string {
  if (/^[0-9a-f]{8,64}$/i.test(value)) return value.toLowerCase();
  throw badDigest();
}

function typesOf(value: string): string[] {
  const types = value
    .toLowerCase()
    .split(',')
    .map((type) => type.trim().replace(/^\./, ''))
    .filter((type) => type !== '');
  if (types.length === 0) {
    throw badType();
  }
  return types;
}

/** The start of a day in the asker's time zone, in ms. */
export function dayOf(value: string, now: number, timeZoneOffset: number): number {
  const today = Math.floor((now + timeZoneOffset) / DAY_MS) * DAY_MS - timeZoneOffset;
  const word = value.toLowerCase();
  if (word === 'today') return today;
  if (word === 'yesterday') return today - DAY_MS;
  const days = /^(\d{1,5})(d|w)$/.exec(word);
  if (days !== null) return today - Number(days[1]) * (days[2] === 'w' ? 7 : 1) * DAY_MS;
  const date = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word);
  if (date !== null) {
    const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
    const start = Date.UTC(year, month - 1, day);
    // 2026-02-31 would silently become a day in March.
    if (new Date(start).getUTCDate() === day && new Date(start).getUTCMonth() === month - 1)
      return start - timeZoneOffset;
  }
  throw badDate(value);
}

/** Which filter a word belongs to. */
type FilterKind = 'person' | 'channel' | 'type' | 'time' | 'other' | 'words';

function kindOf({ filter, person, channel }: Word): FilterKind {
  const name = filter?.name ?? '';
  if (person !== undefined && (name === '' || name === 'from')) return 'person';
  if (name === 'in' || (channel !== undefined && name === '')) return 'channel';
  const kinds: Record<string, FilterKind> = { type: 'type', before: 'time', after: 'time', since: 'time' };
  return kinds[name] ?? (name === '' ? 'words' : 'other');
}

/**
 * The same query with the words of one filter replaced; an empty `replacement` removes them. The words of the name come
 * first, so that none of them can be read as part of a filter.
 */
export function withFilter(query: string, kind: FilterKind, replacement: string): string {
  const words = readWords(query, NAMES).filter((word) => kindOf(word) !== kind);
  const isName = (word: Word) => kindOf(word) === 'words';
  const kept = (of: Word[]) => of.map(({ raw }) => raw);
  const names = kind === 'words' ? [replacement] : kept(words.filter(isName));
  const filters = kept(words.filter((word) => !isName(word)));
  return [...names, ...filters, ...(kind === 'words' ? [] : [replacement])]
    .filter((word) => word !== '')
    .join(' ');
}

/** The words of one filter as they were typed. */
export function filterWords(query: string, kind: FilterKind): string {
  return readWords(query, NAMES)
    .filter((word) => kindOf(word) === kind)
    .map(({ raw }) => raw)
    .join(' ');
}

/**
 * The typed text without the quotes around names, for commands without filters. Throws `UserError` for too many
 * words.
 */
export function unquoted(query: string): string {
  const names = readWords(query, []).map(({ text }) => mentionsAsTyped(text));
  return soughtWords(names.join(' '));
}
