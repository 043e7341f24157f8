import { type Day, dateOf, dayAt, dayNamed, monthsAfter, startOfDay, type Zone } from '../../local-day.ts';
import { HOUR_MS } from '../../time.ts';

/** When and where somebody asks: days are theirs. */
export interface Clock extends Zone {
  /** ms */
  now: number;
}

/** A span of time, in ms: from the first moment up to the end, which is not part of it. */
export interface Period {
  from: number;
  end: number;
  /** The days that `03/04/2026` can mean: as it was read, and the other. */
  either?: [Day, Day];
}

/** Days, the second one no longer part of it. */
type Days = [Day, Day];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_NAMES =
  'january|february|march|april|may|june|july|august|september|october|november|december|' +
  'jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec';
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKDAY_NAMES =
  'monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun';
const UNIT_NAMES = 'hours?|hrs?|days?|weeks?|fortnights?|months?|quarters?|years?|yrs?';

/** Which day of the week (0 is Monday) the first of January 1970 was. */
const THURSDAY = 3;
const mondayOf = (day: Day) => day - ((((day + THURSDAY) % 7) + 7) % 7);

/** No time is written with more characters. */
const LONGEST = 80;

/**
 * Reads a day or a longer time as people write it, with their own days: `2026-11-03`, `31.12.2026`, `12/31/2026`,
 * `2026-11`, `nov 2026`, `2026`, `yesterday`, `last week`, `monday`, `7d`, `2 weeks ago`, `2026-11-01..2026-11-15`.
 * Weeks begin on Monday. A month or weekday without a year is the last one that has begun. Null for anything else.
 */
export function readPeriod(typed: string, clock: Clock): Period | null {
  if (typed.length > LONGEST) return null;
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ').replace(/^the /, '');
  const range = /^(.+?) ?(?:\.\.+|\bto\b|\buntil\b) ?(.+)$/.exec(text);
  if (range !== null) {
    const [first, last] = [readOne(range[1] as string, clock), readOne(range[2] as string, clock)];
    return first && last && first.from < last.end ? { from: first.from, end: last.end } : null;
  }
  return readOne(text, clock);
}

function readOne(text: string, clock: Clock): Period | null {
  const hours = hoursOf(text);
  if (hours !== null) return { from: clock.now - hours * HOUR_MS, end: clock.now };
  const today = dayAt(clock.now, clock);
  const slashed = slashedDay(text);
  const days =
    slashed?.days ?? wholeDate(text) ?? longer(text) ?? named(text, today) ?? relative(text, today);
  if (days === null) return null;
  const [from, end] = days;
  return {
    ...{ from: startOfDay(from, clock), end: startOfDay(end, clock) },
    ...(slashed?.either ? { either: slashed.either } : {}),
  };
}

const one = (day: Day | null): Days | null => (day === null ? null : [day, day + 1]);
const century = (year: string) => (year.length === 2 ? 2000 : 0) + Number(year);

/** `2026-11-03`, and `31.12.2026` with points, which is never written month first. */
function wholeDate(text: string): Days | null {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?$/.exec(text);
  if (iso !== null) return one(dayNamed(Number(iso[1]), Number(iso[3]), Number(iso[4])));
  const points = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$/.exec(text);
  if (points !== null)
    return one(dayNamed(century(points[3] as string), Number(points[2]), Number(points[1])));
  return null;
}

/** `12/31/2026`: month first, as in the United States, unless only the other way is a date. Both may be one. */
function slashedDay(text: string): { days: Days; either?: [Day, Day] } | null {
  const [, first, , second, year] = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text) ?? [];
  if (first === undefined || second === undefined || year === undefined) return null;
  const monthFirst = dayNamed(century(year), Number(first), Number(second));
  const dayFirst = dayNamed(century(year), Number(second), Number(first));
  const days = one(monthFirst ?? dayFirst);
  if (days === null) return null;
  const isTwo = monthFirst !== null && dayFirst !== null && monthFirst !== dayFirst;
  return { days, ...(isTwo ? { either: [monthFirst, dayFirst] } : {}) };
}

/** A whole month, quarter or year with its number: `2026-11`, `11/2026`, `2026-q4`, `2026`. */
function longer(text: string): Days | null {
  const [, yearOf, quarter] = /^(\d{4})[- ]?q([1-4])$/.exec(text) ?? [];
  if (yearOf !== undefined) return months(dayNamed(Number(yearOf), Number(quarter) * 3 - 2, 1), 3);
  const [, number, ofYear] = /^q([1-4])[-/ ]?(\d{4})$/.exec(text) ?? [];
  if (number !== undefined) return months(dayNamed(Number(ofYear), Number(number) * 3 - 2, 1), 3);
  const first = /^(\d{4})[-/.](\d{1,2})$/.exec(text);
  if (first !== null) return months(dayNamed(Number(first[1]), Number(first[2]), 1), 1);
  const last = /^(\d{1,2})[-/.](\d{4})$/.exec(text);
  if (last !== null) return months(dayNamed(Number(last[2]), Number(last[1]), 1), 1);
  return /^(19|20|21)\d\d$/.test(text) ? months(dayNamed(Number(text), 1, 1), 12) : null;
}

const months = (from: Day | null, count: number): Days | null =>
  from === null ? null : [from, monthsAfter(from, count)];

const monthNumber = (name: string) => MONTHS.indexOf(name.slice(0, 3)) + 1;
const MONTH_ALONE = new RegExp(`^(${MONTH_NAMES})\\.?,?(?: (\\d{4}))?$`);
const DATE_FIRST = new RegExp(
  `^(\\d{1,2})(?:\\.|st|nd|rd|th)? (?:of )?(${MONTH_NAMES})\\.?,?(?: (\\d{4}))?$`,
);
const MONTH_FIRST = new RegExp(`^(${MONTH_NAMES})\\.? (\\d{1,2})(?:\\.|st|nd|rd|th)?,?(?: (\\d{4}))?$`);
const WEEKDAY = new RegExp(`^(last |this |past )?(${WEEKDAY_NAMES})$`);

/** With the name of a month or a day of the week: `nov`, `november 2026`, `3 nov`, `Nov 3, 2026`, `last monday`. */
function named(text: string, today: Day): Days | null {
  const { year } = dateOf(today);
  const [, month, ofYear] = MONTH_ALONE.exec(text) ?? [];
  if (month !== undefined) {
    const first = (y: number) => dayNamed(y, monthNumber(month), 1);
    const latest = (first(year) ?? 0) > today ? year - 1 : year;
    return months(first(ofYear === undefined ? latest : Number(ofYear)), 1);
  }
  const dateFirst = DATE_FIRST.exec(text);
  const monthFirst = MONTH_FIRST.exec(text);
  const [date, name, said] =
    dateFirst !== null ? dateFirst.slice(1) : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  if (date !== undefined && name !== undefined) {
    const on = (y: number) => dayNamed(y, monthNumber(name), Number(date));
    if (said !== undefined) return one(on(Number(said)));
    const thisYear = on(year);
    return one(thisYear !== null && thisYear <= today ? thisYear : on(year - 1));
  }
  const [, which, weekday] = WEEKDAY.exec(text) ?? [];
  if (weekday === undefined) return null;
  const wanted = mondayOf(today) + WEEKDAYS.indexOf(weekday.slice(0, 3));
  const isPast = which === 'last ' || which === 'past ' ? wanted < today : wanted <= today;
  return one(isPast ? wanted : wanted - 7);
}

const AGO = new RegExp(`^(?:(\\d{1,5}) ?|an? |one )(d|w|m|y|${UNIT_NAMES})(?: ago| old)?$`);
const SPAN = new RegExp(`^(?:last|past|previous|recent) (\\d{1,5}) (${UNIT_NAMES})$`);
const WHOLE = /^(this|current|last|past|previous) (day|week|fortnight|month|quarter|year)$/;

/** Counted from today: `yesterday`, `last week`, `this month`, `last 30 days`, `7d`, `2 weeks ago`. */
function relative(text: string, today: Day): Days | null {
  if (text === 'today' || text === 'now') return one(today);
  if (text === 'yesterday') return one(today - 1);
  if (text === 'tomorrow') return one(today + 1);
  const [, count = '1', unit] = AGO.exec(text) ?? [];
  if (unit !== undefined) return one(before(today, Number(count), unit));
  const [, most, each] = SPAN.exec(text) ?? [];
  if (each !== undefined) return [before(today, Number(most), each), today + 1];
  const [, which, whole] = WHOLE.exec(text) ?? [];
  if (whole === undefined) return null;
  const [from, end] = around(today, whole);
  if (which === 'this' || which === 'current') return [from, end];
  return [around(from - 1, whole)[0], from];
}

/** The day so long before today. */
function before(today: Day, count: number, unit: string): Day {
  if (unit.startsWith('w')) return today - 7 * count;
  if (unit.startsWith('f')) return today - 14 * count;
  if (unit.startsWith('m')) return monthsAfter(today, -count);
  if (unit.startsWith('q')) return monthsAfter(today, -3 * count);
  if (unit.startsWith('y')) return monthsAfter(today, -12 * count);
  return today - count;
}

/** The week, month and so on that a day is part of. */
function around(day: Day, unit: string): Days {
  const { year, month } = dateOf(day);
  const since = (y: number, m: number, count: number) => months(dayNamed(y, m, 1), count) ?? [day, day + 1];
  if (unit === 'week') return [mondayOf(day), mondayOf(day) + 7];
  if (unit === 'fortnight') return [mondayOf(day) - 7, mondayOf(day) + 7];
  if (unit === 'month') return since(year, month, 1);
  if (unit === 'quarter') return since(year, month - ((month - 1) % 3), 3);
  if (unit === 'year') return since(year, 1, 12);
  return [day, day + 1];
}

/** `24h`, `2 hours ago`, `last 24 hours`: the only time that is no whole day. */
function hoursOf(text: string): number | null {
  const [, count] = /^(?:last |past |previous )?(\d{1,5}) ?(?:h|hrs?|hours?)(?: ago)?$/.exec(text) ?? [];
  if (count !== undefined) return Number(count);
  return /^(?:(?:last|past) hour|an hour ago)$/.test(text) ? 1 : null;
}
