import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, dayAt, dayNamed, monthsAfter, startOfDay } from '../src/local-day.ts';

const HOUR = 3_600_000;
const on = (year: number, month: number, date: number, timeZone: string) =>
  new Date(startOfDay(dayNamed(year, month, date) as number, { timeZone, timeZoneOffset: 0 })).toISOString();

describe('days of a time zone', () => {
  it.each([
    ['Europe/Berlin', [2026, 7, 1], '2026-06-30T22:00:00.000Z'],
    ['Europe/Berlin', [2026, 12, 1], '2026-11-30T23:00:00.000Z'],
    ['Europe/Berlin', [2026, 10, 25], '2026-10-24T22:00:00.000Z'],
    ['Europe/Berlin', [2026, 10, 26], '2026-10-25T23:00:00.000Z'],
    ['America/New_York', [2026, 3, 9], '2026-03-09T04:00:00.000Z'],
    ['Asia/Kolkata', [2026, 1, 1], '2025-12-31T18:30:00.000Z'],
    // The clock jumps from 0 to 1 there: the day begins at 1.
    ['Africa/Cairo', [2024, 4, 26], '2024-04-25T22:00:00.000Z'],
    // This day was left out there.
    ['Pacific/Apia', [2011, 12, 30], '2011-12-30T10:00:00.000Z'],
  ] as const)('%s %j begins at %s', (zone, [year, month, date], begins) => {
    expect(on(year, month, date, zone)).toBe(begins);
  });

  it('every moment is in the day that began before it and not in the next, in every zone', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const moments = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2037, 0) });
    fc.assert(
      fc.property(zones, moments, (timeZone, at) => {
        const zone = { timeZone, timeZoneOffset: 0 };
        const day = dayAt(at, zone);
        const [from, end] = [startOfDay(day, zone), startOfDay(day + 1, zone)];
        expect(from).toBeLessThanOrEqual(at);
        expect(end).toBeGreaterThan(at);
        expect((end - from) / HOUR).toBeGreaterThanOrEqual(22);
        expect((end - from) / HOUR).toBeLessThanOrEqual(26);
        expect(dayAt(from, zone)).toBe(day);
        expect(dayAt(from - 1_000, zone)).toBeLessThan(day);
        // What the clock on the wall shows, told in another way.
        const { year, month, date } = dateOf(day);
        const shown = new Date(at).toLocaleDateString('en-CA', { timeZone });
        expect(shown).toBe([year, month, date].map((part) => String(part).padStart(2, '0')).join('-'));
      }),
      { numRuns: 200 },
    );
  });

  it('an unknown zone has the offset that Slack told, on every day', () => {
    const day = dayNamed(2026, 7, 1) as number;
    for (const timeZone of ['Mars/Base', '', null, undefined])
      expect(startOfDay(day, { timeZone, timeZoneOffset: 2 * HOUR })).toBe(Date.UTC(2026, 5, 30, 22));
  });

  it('months end where they end', () => {
    const later = (date: [number, number, number], months: number) =>
      dateOf(monthsAfter(dayNamed(...date) as number, months));
    expect(later([2026, 1, 31], 1)).toEqual({ year: 2026, month: 2, date: 28 });
    expect(later([2024, 3, 31], -1)).toEqual({ year: 2024, month: 2, date: 29 });
    expect(later([2026, 2, 15], -6)).toEqual({ year: 2025, month: 8, date: 15 });
    expect(dayNamed(2026, 2, 31)).toBeNull();
  });
});
