import type { Relation } from './relations.ts';
import { walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

/** What a cell's format shows of a number. */
interface Shows {
  day: boolean;
  time: boolean;
}

/** Formats that Excel has without writing them down (ECMA-376, part 1, chapter 18.8.30); those of the Far East are days. */
const DAYS = /^(?:1[4-7]|22|2[7-9]|3[0-6]|5[0-8])$/;
const TIMES = /^(?:1[89]|2[0-2]|45|47)$/;
/** What a format writes as it stands, colours, languages, gaps of a letter's breadth. */
const AS_IT_STANDS = /"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g;
/** Excel takes no longer one. */
const LONGEST = 255;
/** Hours beyond 24: how long something took, and no time of day. */
const LASTED = /\[(?:h+|m+|s+)\]/i;

/** Excel counts days from the last of 1899; it believes that 1900 had a 29th of February (its day 60). */
const DAY_0 = Date.UTC(1899, 11, 30);
const DAY_0_OF_1904 = Date.UTC(1904, 0, 1);
const [LEAP_DAY, LAST_DAY] = [60, 2_958_466];
const [MINUTES, MINUTE_MS] = [1_440, 60_000];

/** Writes a number as the cell's style shows it: a day as `2026-05-03`, a time as `18:00`, others as they are. */
export type Dates = (value: string, style: string | undefined) => string;

/** A table keeps days as numbers; which they are, its styles say (chapter 18.8.10). */
export async function datesOf(parts: Parts, styles: Relation | undefined, is1904: boolean): Promise<Dates> {
  const own = new Map<string, string>();
  const cells: (Shows | null)[] = [];
  let inCells = false;
  if (styles !== undefined)
    await walkXml(parts.open(styles.part), {
      open(tag, { numFmtId = '0', formatCode = '' }) {
        if (tag === 'numFmt') own.set(numFmtId, formatCode);
        else if (tag === 'cellXfs') inCells = true;
        else if (tag === 'xf' && inCells) cells.push(showsOf(numFmtId, own.get(numFmtId)));
      },
      close(tag) {
        if (tag === 'cellXfs') inCells = false;
      },
    });
  return (value, style) => written(value, cells[Number(style ?? 0)], is1904) ?? value;
}

function showsOf(id: string, code: string | undefined): Shows | null {
  if (code === undefined)
    return DAYS.test(id) || TIMES.test(id) ? { day: DAYS.test(id), time: TIMES.test(id) } : null;
  if (code.length > LONGEST || LASTED.test(code) || /general/i.test(code)) return null;
  const signs = code.replaceAll(AS_IT_STANDS, '');
  const time = /[hs]/i.test(signs);
  // An `m` is a month, but beside hours or seconds a minute.
  const day = /[dy]/i.test(signs) || (!time && /m/i.test(signs));
  return day || time ? { day, time } : null;
}

function written(value: string, shows: Shows | null | undefined, is1904: boolean): string | null {
  const number = Number(value);
  if (!shows || value.trim() === '' || !(number >= 0 && number < LAST_DAY)) return null;
  const isLost = !is1904 && shows.day && Math.floor(number) === LEAP_DAY;
  if (isLost) return null;
  const shift = !is1904 && number < LEAP_DAY ? 1 : 0;
  const minutes = Math.round((number + shift) * MINUTES) * MINUTE_MS;
  const iso = new Date((is1904 ? DAY_0_OF_1904 : DAY_0) + minutes).toISOString();
  return [shows.day && iso.slice(0, 10), shows.time && iso.slice(11, 16)].filter(Boolean).join(' ');
}
