import type { ListFilter } from '../catalog/model.ts';
import { UserError } from '../errors.ts';

const DAY_MS = 86_400_000;

const FILTER_WORD = /^(type|from|before|after|since|in|size|sha256|sha):(.*)$/isu;
const PERSON = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const CHANNEL = /^<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>$/;

/**
 * Reads the words of `/vault list` and `/vault find`: `@person`, `#channel`, `type:pdf,png`, `before:` and `after:`
 * with a date, `size:>10mb`, `sha256:` with at least eight digits, and anything else as part of the name. Days are
 * the asker's own: `timeZoneOffset` is theirs, in ms. Throws `UserError` for words that look like a filter and are
 * none.
 */
export function parseFilter(
  text: string,
  { now, timeZoneOffset }: { now: number; timeZoneOffset: number },
): ListFilter {
  const filter: ListFilter = {};
  const free: string[] = [];
  for (const word of wordsOf(text)) {
    const [, name = '', value = ''] = FILTER_WORD.exec(word) ?? [];
    const person = PERSON.exec(name.toLowerCase() === 'from' ? value : word);
    if (person !== null) {
      if (filter.userId !== undefined)
        throw new UserError('two_people', 'Name one person only, for example `/vault list @anna`.');
      filter.userId = person[1] as string;
      continue;
    }
    const channel = CHANNEL.exec(name.toLowerCase() === 'in' ? value : word);
    if (channel !== null) {
      if (filter.channelId !== undefined)
        throw new UserError('two_channels', 'Name one channel only, for example `in:#general`.');
      filter.channelId = channel[1] as string;
      continue;
    }
    switch (name.toLowerCase()) {
      case 'size':
        Object.assign(filter, sizesOf(value));
        break;
      case 'sha':
      case 'sha256':
        filter.sha256 = digestOf(value);
        break;
      case 'in':
        throw new UserError(
          'unknown_channel',
          `I do not know ${word}. Pick the channel from the menu that Slack shows after the #.`,
        );
      case 'type':
        filter.types = [...(filter.types ?? []), ...typesOf(value)];
        break;
      case 'before':
        filter.before = dayOf(value, now, timeZoneOffset);
        break;
      case 'after':
      case 'since':
        filter.after = dayOf(value, now, timeZoneOffset);
        break;
      default:
        if (name !== '' || /^@\S/.test(word)) {
          throw new UserError(
            'unknown_person',
            `I do not know ${word}. Pick the person from the menu that Slack shows after the @.`,
          );
        }
        if (/^[0-9a-f]{64}$/i.test(word)) filter.sha256 = word.toLowerCase();
        else free.push(word);
    }
  }
  if ((filter.minBytes ?? 0) > (filter.maxBytes ?? Number.MAX_SAFE_INTEGER)) {
    throw new UserError('empty_sizes', 'No file is at once larger and smaller than that.');
  }
  if (filter.before !== undefined && filter.after !== undefined && filter.after >= filter.before) {
    throw new UserError(
      'empty_range',
      'These dates leave no day in between: `after:` must come before `before:`.',
    );
  }
  return free.length === 0 ? filter : { ...filter, text: free.join(' ') };
}

const UNITS: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** `>10mb`, `<500k`, `>=1g`; a size alone means at least so much. Units are steps of 1,024, as sizes are shown. */
function sizesOf(value: string): Pick<ListFilter, 'minBytes' | 'maxBytes'> {
  // Slack hands `<` and `>` over escaped.
  const plain = value.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const [whole, sign = '', digits = '', unit = ''] =
    /^(>=|<=|>|<|)(\d{1,9}(?:\.\d{1,3})?)([kmgt]?)i?b?$/i.exec(plain) ?? [];
  if (whole === undefined) {
    throw new UserError('bad_size', 'I cannot read this size. Write it like `size:>10mb` or `size:<500k`.');
  }
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  if (sign === '<') return { maxBytes: Math.ceil(bytes) - 1 };
  if (sign === '<=') return { maxBytes: Math.floor(bytes) };
  return { minBytes: sign === '>' ? Math.floor(bytes) + 1 : Math.ceil(bytes) };
}

function digestOf(value: string): string {
  if (/^[0-9a-f]{8,64}$/i.test(value)) return value.toLowerCase();
  throw new UserError(
    'bad_sha256',
    'Give at least the first eight digits of the SHA-256, such as `sha256:9f86d081`.',
  );
}

/** Words, with "quoted words" as one; the quotes that phones put in count as well. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/["“”„«»]([^"“”„«»]*)["“”„«»]|(\S+)/gu)]
    .map(([, quoted, word]) => (quoted ?? word ?? '').trim())
    .filter((word) => word !== '');
}

function typesOf(value: string): string[] {
  const types = value
    .toLowerCase()
    .split(',')
    .map((type) => type.trim().replace(/^\./, ''))
    .filter((type) => type !== '');
  if (types.length === 0) {
    throw new UserError('bad_type', 'Say which type: `type:pdf`, or a family such as `type:image`.');
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
  const date = /^(\d{4})[-–](\d{1,2})[-–](\d{1,2})$/.exec(word);
  if (date !== null) {
    const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
    const start = Date.UTC(year, month - 1, day);
    // 2026-02-31 would silently become a day in March.
    if (new Date(start).getUTCDate() === day && new Date(start).getUTCMonth() === month - 1)
      return start - timeZoneOffset;
  }
  throw new UserError(
    'bad_date',
    `I cannot read the date "${value}". Write it like 2026-01-31, or today, yesterday, 7d or 4w.`,
  );
}

/** Which filter a word belongs to. */
type FilterKind = 'person' | 'channel' | 'type' | 'time' | 'other' | 'words';

function kindOf(word: string): FilterKind {
  const [, name = '', value = ''] = FILTER_WORD.exec(word) ?? [];
  if (PERSON.test(word) || (name !== '' && PERSON.test(value))) return 'person';
  if (CHANNEL.test(word) || name.toLowerCase() === 'in') return 'channel';
  const kinds: Record<string, FilterKind> = { type: 'type', before: 'time', after: 'time', since: 'time' };
  return kinds[name.toLowerCase()] ?? (name === '' ? 'words' : 'other');
}

/** Every word as it was typed, with its quotes. */
function rawWords(query: string): string[] {
  return query.match(/["“”„«»][^"“”„«»]*["“”„«»]|\S+/gu) ?? [];
}

/** The same query with the words of one filter replaced by others; an empty `replacement` takes them out. */
export function withFilter(query: string, kind: FilterKind, replacement: string): string {
  return [...rawWords(query).filter((word) => kindOf(word) !== kind), replacement]
    .filter((word) => word !== '')
    .join(' ');
}

/** The words of one filter as they were typed. */
export function filterWords(query: string, kind: FilterKind): string {
  return rawWords(query)
    .filter((word) => kindOf(word) === kind)
    .join(' ');
}
