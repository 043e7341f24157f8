import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/commands/filter.ts';
import { UserError } from '../../src/errors.ts';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 23, 7, 30);
const parse = (text: string, timeZoneOffset = 0) => parseFilter(text, { now, timeZoneOffset });

describe('the words of /vault list', () => {
  it.each([
    ['', {}],
    ['budget', { text: 'budget' }],
    ['<@U01ABC|anna>', { userId: 'U01ABC' }],
    ['from:<@U01ABC>', { userId: 'U01ABC' }],
    ['type:pdf', { types: ['pdf'] }],
    ['TYPE:.PDF,png type:gif', { types: ['pdf', 'png', 'gif'] }],
    ['before:2026-01-31', { before: Date.UTC(2026, 0, 31) }],
    ['after:2026-1-5', { after: Date.UTC(2026, 0, 5) }],
    ['after:yesterday', { after: Date.UTC(2026, 10, 22) }],
    ['since:7d', { after: Date.UTC(2026, 10, 16) }],
    ['after:2w', { after: Date.UTC(2026, 10, 9) }],
    ['“year end” report', { text: 'year end report' }],
    [
      '<@U1> type:pdf after:2026-01-01 before:2026-02-01 q4 plan',
      {
        userId: 'U1',
        types: ['pdf'],
        after: Date.UTC(2026, 0, 1),
        before: Date.UTC(2026, 1, 1),
        text: 'q4 plan',
      },
    ],
  ])('%s', (text, filter) => expect(parse(text)).toEqual(filter));

  it('takes days as the asker’s own', () => {
    // 07:30 UTC is still the day before in Honolulu.
    expect(parse('after:today', -10 * HOUR)).toEqual({ after: Date.UTC(2026, 10, 22, 10) });
    expect(parse('before:2026-01-31', 2 * HOUR)).toEqual({ before: Date.UTC(2026, 0, 30, 22) });
  });

  it.each([
    ['@anna', 'unknown_person'],
    ['from:anna', 'unknown_person'],
    ['<@U1> <@U2>', 'two_people'],
    ['type:', 'bad_type'],
    ['before:soon', 'bad_date'],
    ['after:2026-02-31', 'bad_date'],
    ['after:2026-02-01 before:2026-01-01', 'empty_range'],
  ])('%s is refused with a sentence (%s)', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code, name: 'UserError' }));
  });

  it('answers anything at all with a filter or a sentence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        try {
          const filter = parse(text);
          expect(filter.text === undefined || filter.text.length <= text.length).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
