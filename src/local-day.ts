import { DAY_MS } from './time.ts';

/** Whose days are meant. Without a name that this machine knows, the offset (ms from UTC) stands for all days. */
export interface Zone {
  /** Such as `Europe/Berlin`. */
  timeZone?: string | null | undefined;
  timeZoneOffset: number;
}

/** A day without a time or a zone: how many days after 1970-01-01. */
export type Day = number;

/** The day with this date; null if the calendar has none, such as February 31. `month` counts from 1. */
export function dayNamed(year: number, month: number, date: number): Day | null {
  if (year < 1000 || year > 9999) return null;
  const at = new Date(Date.UTC(year, month - 1, date));
  // 2026-02-31 would silently become a day in March.
  return at.getUTCDate() === date && at.getUTCMonth() === month - 1 ? at.getTime() / DAY_MS : null;
}

/** Year, month (from 1) and date of a day. */
export function dateOf(day: Day): { year: number; month: number; date: number } {
  const at = new Date(day * DAY_MS);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

/** The same date so many months later or earlier, or that month's last day: a month after January 31 is February 28. */
export function monthsAfter(day: Day, months: number): Day {
  const { year, month, date } = dateOf(day);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return (first.getTime() + (Math.min(date, last) - 1) * DAY_MS) / DAY_MS;
}

/** The day that it is in a zone at this moment (ms). */
export function dayAt(at: number, zone: Zone): Day {
  return Math.floor((at + offsetAt(at, zone)) / DAY_MS);
}

/** A clock is never further than this from UTC. */
const FARTHEST_MS = 15 * 3_600_000;

/**
 * The first moment (ms) of a day in a zone, by the clock of that day: when it is summer there, by summer time. Where the
 * clock jumps over midnight, the day begins later; where a whole day was left out, it begins with the next one.
 */
export function startOfDay(day: Day, zone: Zone): number {
  const midnight = day * DAY_MS;
  if (formatOf(zone) === null) return midnight - zone.timeZoneOffset;
  let [before, from] = [(midnight - FARTHEST_MS) / 1_000, (midnight + FARTHEST_MS) / 1_000];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayAt(middle * 1_000, zone) < day) before = middle;
    else from = middle;
  }
  return from * 1_000;
}

function offsetAt(at: number, zone: Zone): number {
  const format = formatOf(zone);
  if (format === null) return zone.timeZoneOffset;
  const shown: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** Making one takes a hundred times as long as using it. There are a few hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat | null>();
const MOST_FORMATS = 1_000;

/** Null for a zone without a name, and for one that this machine does not know. */
function formatOf({ timeZone }: Zone): Intl.DateTimeFormat | null {
  if (!timeZone) return null;
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  if (formats.size >= MOST_FORMATS) formats.clear();
  const made = madeFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

function madeFormat(timeZone: string): Intl.DateTimeFormat | null {
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { calendar: 'gregory', timeZone, ...numeric, ...clock });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
