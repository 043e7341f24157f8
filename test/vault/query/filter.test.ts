import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { filterWords, unquoted, withFilter } from '../../../src/vault/query/filter.ts';
import { runs } from '../../runs.ts';
import { parseFilter } from './strict.ts';

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
    ['“year end” report', { text: 'year end report', phrases: ['year end'] }],
    ['„year end“ »a b« «c d»', { text: 'year end a b c d', phrases: ['year end', 'a b', 'c d'] }],
    ['"before: and after.png"', { text: 'before: and after.png', phrases: ['before: and after.png'] }],
    ['“before: and after.png”', { text: 'before: and after.png', phrases: ['before: and after.png'] }],
    ['‘before: and after.png’', { text: 'before: and after.png', phrases: ['before: and after.png'] }],
    ["'@home plan.txt'", { text: '@home plan.txt', phrases: ['@home plan.txt'] }],
    ['‚@home plan.txt‘', { text: '@home plan.txt', phrases: ['@home plan.txt'] }],
    ['‹before: and after.png›', { text: 'before: and after.png', phrases: ['before: and after.png'] }],
    ['"@home plan.txt"', { text: '@home plan.txt', phrases: ['@home plan.txt'] }],
    ['"in:out.txt" type:txt', { text: 'in:out.txt', types: ['txt'] }],
    ['"<@U1> was here.txt"', { text: '<@U1> was here.txt', phrases: ['<@U1> was here.txt'] }],
    // There may be somebody who is called so: Slack makes a mention of it, in quotes too.
    ['"<@U01HOME|home> plan.txt"', { text: '@home plan.txt', phrases: ['@home plan.txt'] }],
    [
      '‘notes of <#C01ABC|general>.txt’',
      { text: 'notes of #general.txt', phrases: ['notes of #general.txt'] },
    ],
    ['"<#C01ABC|> notes.txt"', { text: '<#C01ABC|> notes.txt', phrases: ['<#C01ABC|> notes.txt'] }],
    ['Anna’s plan', { text: 'Anna’s plan' }],
    ['‘Anna’s plan’', { text: 'Anna’s plan', phrases: ['Anna’s plan'] }],
    ["rock 'n' roll", { text: 'rock n roll' }],
    ["the dogs' dinner", { text: "the dogs' dinner" }],
    ['12" vinyl 7" x.jpg', { text: '12" vinyl 7" x.jpg' }],
    ['"year end', { text: '"year end' }],
    ['year end”', { text: 'year end”' }],
    ['"b".txt', { text: '"b".txt' }],
    ['"" ‘’', { text: '‘’' }],
    ['a->b map.csv', { text: 'a->b map.csv' }],
    ['<@U01ABC|Anna Lee> plan', { userId: 'U01ABC', text: 'plan' }],
    ['size:>10 mb', { minBytes: 10 * 2 ** 20 + 1 }],
    ['size: > 10mb plan', { minBytes: 10 * 2 ** 20 + 1, text: 'plan' }],
    ['size: >10 MB', { minBytes: 10 * 2 ** 20 + 1 }],
    ['size:>\u00a010\u00a0mb', { minBytes: 10 * 2 ** 20 + 1 }],
    ['size:≤1,5 kb', { maxBytes: 1536 }],
    ['size:10..20mb', { minBytes: 10 * 2 ** 20, maxBytes: 20 * 2 ** 20 }],
    ['size:1k – 2m', { minBytes: 1024, maxBytes: 2 * 2 ** 20 }],
    ['size:10 20', { minBytes: 10, text: '20' }],
    ['size:>10 "mb"', { minBytes: 11, text: 'mb' }],
    ['after:2026–01–05', { after: Date.UTC(2026, 0, 5) }],
    ['after: 7d', { after: Date.UTC(2026, 10, 16) }],
    ['after:“2026‑01‑05”', { after: Date.UTC(2026, 0, 5) }],
    ['\u200eafter:7d', { after: Date.UTC(2026, 10, 16) }],
    ['ｔｙｐｅ：ｐｄｆ', { types: ['pdf'] }],
    ['type: pdf from: <@U1> in: <#C1>', { types: ['pdf'], userId: 'U1', channelId: 'C1' }],
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
    ['before: and after.png', 'bad_date'],
    ['@home plan.txt', 'unknown_person'],
    ['<!subteam^S1>', 'unknown_person'],
    ['type: after:7d', 'bad_type'],
    ['before:<@U1>', 'bad_date'],
    ['size:', 'bad_size'],
    ['size:10-x', 'bad_size'],
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

  it('changes nothing else, whatever was typed', () => {
    const piece = fc.oneof(
      part,
      fc.constantFrom(
        'size:>10',
        'mb',
        'm',
        '"mb"',
        'size: > 10 mb',
        'after: 7d',
        "it's",
        "'",
        '"',
        '”',
        '“a b”',
        '-',
      ),
      fc.constantFrom(
        '"before: x"',
        '‘@b c’',
        '<@U1|A B>',
        'type:"pdf"',
        '.. 20',
        '20',
        'in: <#C1|x>',
        '7" x',
        'a"',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (parts) => {
        const query = parts.join(' ');
        let before: ReturnType<typeof parse>;
        try {
          before = parse(query);
        } catch {
          return; // a page that was never shown has no menus
        }
        const { userId, ...others } = before;
        expect(parse(withFilter(query, 'person', ''))).toEqual(others);
        expect(parse(withFilter(query, 'person', '<@U2>'))).toEqual({ ...before, userId: 'U2' });
        const { types, ...untyped } = before;
        expect(parse(withFilter(query, 'type', ''))).toEqual(untyped);
        const { text, phrases, patterns, notText, notPatterns, ...nameless } = before;
        expect(parse(withFilter(query, 'words', ''))).toEqual(nameless);
        const names = { text, phrases, patterns, notText, notPatterns };
        expect({ ...names, ...parse(filterWords(query, 'words')) }).toEqual(names);
      }),
      { numRuns: runs(500) },
    );
  });

  it('never takes a quoted name for a filter', () => {
    const name = fc
      .tuple(
        fc.constantFrom('', 'before:', 'in:', '@', '<@U1> ', 'size:>10 ', 'type:'),
        fc.string({ unit: 'grapheme' }),
      )
      .map(([start, rest]) => `${start}${rest}x`)
      .filter((text) => !/["“”„‟«»″＂]/.test(text));
    const quotes = fc.constantFrom(['"', '"'], ['“', '”'], ['„', '“'], ['«', '»'], ['»', '«']);
    fc.assert(
      fc.property(
        name,
        quotes,
        fc.constantFrom('', 'type:pdf ', 'size:>10 '),
        (text, [open, close], first) => {
          const query = `${first}${open}${text}${close}`;
          expect(parse(query).text).toBe(text.trim());
          expect(parse(withFilter(query, 'time', 'after:7d')).text).toBe(text.trim());
          expect(unquoted(`${open}${text}${close}`)).toBe(text.trim());
        },
      ),
    );
  });

  it('takes a mention for the name that it was typed as, where no filters are', () => {
    expect(unquoted('<#C01ABC|general> notes.txt')).toBe('#general notes.txt');
    expect(unquoted('"<@U01HOME|home> plan.txt"')).toBe('@home plan.txt');
  });

  it('makes no query of what was never one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (query) => {
        expect(filterWords(withFilter(query, 'words', ''), 'words')).toBe('');
      }),
    );
  });
});

it('a filter in quotes keeps them when a menu rewrites the query: nothing of it becomes a name', () => {
  const query = 'plan type:"pdf, png"';
  expect(parse(withFilter(query, 'time', ''))).toEqual(parse(query));
  expect(parse(query)).toEqual({ types: ['pdf', 'png'], text: 'plan' });
});
