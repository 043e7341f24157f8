import { readPeriod } from './period.ts';
import { AMOUNT_WITH_UNIT } from './sizes.ts';

/** Some words in a row that mean a filter: its name, its value, and how many words they are. */
export interface Phrase {
  name: string;
  value: string;
  taken: number;
}

/** The most words of a phrase: `shared by me`, `older than November 3, 2026`. */
export const MOST_PARTS = 6;

/** Whether a text is a time does not depend on when that is asked; but February 29 needs a leap year. */
const ANY_CLOCK = { now: Date.UTC(2024, 11, 31), timeZoneOffset: 0 };
export const isTime = (text: string) => readPeriod(text, ANY_CLOCK) !== null;

const PERSON = /^<@[UW][A-Z0-9]+(?:\|[^<>]*)?>$/;
const CHANNEL = /^<#[CGD][A-Z0-9]+(?:\|[^<>]*)?>$/;

/**
 * The longest phrase at the beginning of these words (as typed, with plain signs): `last week`, `31.12.2026`,
 * `older than 6 months`, `mine`, `from @anna`, `larger than 10 MB`. Null if there is none.
 */
export function phraseAt(words: readonly string[]): Phrase | null {
  for (let taken = Math.min(words.length, MOST_PARTS); taken > 0; taken--) {
    const text = words.slice(0, taken).join(' ');
    const [name, value] = whose(text) ?? timed(text.toLowerCase()) ?? sized(text.toLowerCase()) ?? [];
    if (name !== undefined && value !== undefined) return { name, value, taken };
  }
  return null;
}

type Meaning = [name: string, value: string] | null;

/** Whose files, or where: `mine`, `from me`, `by @anna`, `in #general`. */
function whose(text: string): Meaning {
  if (/^(?:mine|my (?:own )?(?:files|uploads|documents))$/i.test(text)) return ['from', 'me'];
  const [, whom] = /^(?:(?:shared |uploaded |posted |sent |added )?(?:from|by)) (.+)$/i.exec(text) ?? [];
  if (whom !== undefined && (/^me$/i.test(whom) || PERSON.test(whom))) return ['from', whom];
  const [, where] = /^in (.+)$/i.exec(text) ?? [];
  return where !== undefined && CHANNEL.test(where) ? ['in', where] : null;
}

const SHORT_NAME =
  /^(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)$/;
const FULL_DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}))$/;
const RELATIVE =
  /^(?:today|yesterday|(?:this|current|last|past|previous) [a-z]+|(?:last|past|previous) \d+ [a-z]+|.+ ago)$/;
/** Only a number, or a number of days: more often a part of a name. */
const COUNTED = /^(?:\d+ ?|an? |one )(?:[dhwmy]|(?:hour|hr|day|week|fortnight|month|quarter|year|yr)s?)$/;
const YEAR = /^\d{4}$/;
const MONTH = /^[a-z]+$/;

function timed(text: string): Meaning {
  const [, which = '', age = ''] =
    /^(older|earlier|newer|younger|later|more recent) (?:than|then|as) (.+)$/.exec(text) ?? [];
  if (age !== '' && isTime(age)) return [/^(?:older|earlier)$/.test(which) ? 'older' : 'newer', age];
  const [, when = '', time = ''] =
    /^(before|after|since|until|till|during|on|in|from) (.+)$/.exec(text) ?? [];
  if (time !== '' && isTime(time) && follows(when, time)) {
    return [/^(?:during|in|from)$/.test(when) ? 'on' : when, time];
  }
  const stands = FULL_DATE.test(text) || RELATIVE.test(text);
  return stands && isTime(text) ? ['on', text] : null;
}

/** Whether this word and time are more likely a time than a part of a name, such as `after sun` or `in 30 days`. */
function follows(when: string, time: string): boolean {
  if (SHORT_NAME.test(time)) return false;
  if (YEAR.test(time)) return !/^(?:on|from)$/.test(when);
  if (COUNTED.test(time)) return when === 'since';
  return !(when === 'from' && MONTH.test(time) && !RELATIVE.test(time));
}

const LARGER = new RegExp(
  `^(?:(?:larger|bigger|greater|heavier|more) (?:than|then)|over|above) (${AMOUNT_WITH_UNIT})$`,
);
const SMALLER = new RegExp(`^(?:(?:smaller|less|lighter) (?:than|then)|under|below) (${AMOUNT_WITH_UNIT})$`);
const BOUND = new RegExp(`^(at least|at most|up to) (${AMOUNT_WITH_UNIT})$`);
const SIGNED = new RegExp(`^(?:size ?)?(>=|<=|=>|=<|>|<|≥|≤) ?(${AMOUNT_WITH_UNIT})$`);
const SIZE_SIGNED = /^size ?(>=|<=|=>|=<|>|<|≥|≤|=) ?(\d{1,9}(?:[.,]\d{1,3})? ?[kmgt]?)$/;

function sized(text: string): Meaning {
  const joined = (sign: string, amount: string): Meaning => ['size', `${sign}${amount.replace(/ /g, '')}`];
  const [, large] = LARGER.exec(text) ?? [];
  if (large !== undefined) return joined('>', large);
  const [, small] = SMALLER.exec(text) ?? [];
  if (small !== undefined) return joined('<', small);
  const [, bound, least = ''] = BOUND.exec(text) ?? [];
  if (bound !== undefined) return joined(bound === 'at least' ? '>=' : '<=', least);
  const [, sign, amount = ''] = SIGNED.exec(text) ?? SIZE_SIGNED.exec(text) ?? [];
  return sign === undefined ? null : joined(sign, amount);
}
