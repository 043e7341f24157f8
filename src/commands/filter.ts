import type { ListFilter } from '../catalog/model.ts';
import { UserError } from '../errors.ts';

const DAY_MS = 86_400_000;

/**
 * Reads the words of `/vault list`: `@person`, `type:pdf,png`, `before:` and `after:` with a date, and anything
 * else as part of the name. Days are the asker's own: `timeZoneOffset` is theirs, in ms. Throws `UserError` for
 * words that look like a filter and are none.
 */
export function parseFilter(
  text: string,
  { now, timeZoneOffset }: { now: number; timeZoneOffset: number },
): ListFilter {
  const filter: ListFilter = {};
  const free: string[] = [];
  for (const word of wordsOf(text)) {
    const [, name = '', value = ''] = /^(type|from|before|after|since):(.*)$/isu.exec(word) ?? [];
    const person = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(name.toLowerCase() === 'from' ? value : word);
    if (person !== null) {
      if (filter.userId !== undefined)
        throw new UserError('two_people', 'Name one person only, for example `/vault list @anna`.');
      filter.userId = person[1] as string;
      continue;
    }
    switch (name.toLowerCase()) {
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
        free.push(word);
    }
  }
  if (filter.before !== undefined && filter.after !== undefined && filter.after >= filter.before) {
    throw new UserError(
      'empty_range',
      'These dates leave no day in between: `after:` must come before `before:`.',
    );
  }
  return free.length === 0 ? filter : { ...filter, text: free.join(' ') };
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
function dayOf(value: string, now: number, timeZoneOffset: number): number {
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
