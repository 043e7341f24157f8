import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterWords, parseFilter, withFilter } from '../../src/commands/filter.ts';
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
    ['in:<#C01ABC|general>', { channelId: 'C01ABC' }],
    ['<#C01ABC|general> plan', { channelId: 'C01ABC', text: 'plan' }],
    ['size:>10mb', { minBytes: 10 * 2 ** 20 + 1 }],
    ['size:&gt;=1.5k size:<2KB', { minBytes: 1536, maxBytes: 2047 }],
    ['size:500', { minBytes: 500 }],
    ['sha256:9F86D081', { sha256: '9f86d081' }],
    ['ab'.repeat(32), { sha256: 'ab'.repeat(32) }],
    ['deadbeef', { text: 'deadbeef' }],
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
    ['in:general', 'unknown_channel'],
    ['in:<#C1> <#C2>', 'two_channels'],
    ['size:big', 'bad_size'],
    ['size:>2mb size:<1mb', 'empty_sizes'],
    ['sha256:9f86d08', 'bad_sha256'],
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

describe('a filter chosen in a menu', () => {
  const part = fc.constantFrom(
    'budget',
    '"year end"',
    'type:pdf',
    'after:7d',
    'size:>1k',
    '<@U1>',
    '<#C1|x>',
    'x:y',
  );
  const queries = fc.uniqueArray(part, { maxLength: 6 }).map((parts) => parts.join(' '));

  it('takes the place of the words that said so, and touches no other', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const before = parse(query);
        expect(parse(withFilter(query, 'person', '<@U2>'))).toEqual({ ...before, userId: 'U2' });
        expect(parse(withFilter(query, 'channel', '<#C2>'))).toEqual({ ...before, channelId: 'C2' });
        expect(parse(withFilter(query, 'type', 'type:image,png'))).toEqual({
          ...before,
          types: ['image', 'png'],
        });
        const { after, before: until, ...timeless } = before;
        expect(parse(withFilter(query, 'time', ''))).toEqual(timeless);
        expect(filterWords(withFilter(query, 'time', 'before:365d'), 'time')).toBe('before:365d');
      }),
    );
  });

  it('makes no query of what was never one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (query) => {
        expect(filterWords(withFilter(query, 'words', ''), 'words')).toBe('');
      }),
    );
  });
});
