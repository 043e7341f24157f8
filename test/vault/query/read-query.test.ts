import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterWords, withFilter } from '../../../src/vault/query/filter.ts';
import { readQuery } from '../../../src/vault/query/read-query.ts';
import { runs } from '../../runs.ts';

/** A Sunday evening in Berlin, which is an hour ahead of UTC now and was two ahead in summer. */
const asking = {
  now: Date.UTC(2026, 10, 29, 19, 30),
  timeZone: 'Europe/Berlin',
  timeZoneOffset: 3_600_000,
  userId: 'U0ME',
};
const read = (text: string, more = {}) => readQuery(text, { ...asking, ...more });
/** The first moment of a day in Berlin. */
const winter = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day - 1, 23);
const summer = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day - 1, 22);
const span = (after: number, before: number) => ({ after, before });

describe('what can be typed to find files', () => {
  it.each([
    ...['from:me', 'mine', 'my files', 'by:me', 'from: me', 'FROM:ME', 'from me', 'shared by me'].map(
      (typed) => [typed, { userId: 'U0ME' }] as const,
    ),
    ['budget from:me', { userId: 'U0ME', text: 'budget' }],
    ['"mine"', { text: 'mine' }],
    ['from <@U1|anna> in <#C1|x>', { userId: 'U1', channelId: 'C1' }],
    ['on:2026-11-03', span(winter(2026, 11, 3), winter(2026, 11, 4))],
    ['2026-11-03', span(winter(2026, 11, 3), winter(2026, 11, 4))],
    ['31.12.2026', span(winter(2026, 12, 31), winter(2027, 1, 1))],
    ['on:31.12.26', span(winter(2026, 12, 31), winter(2027, 1, 1))],
    ['12/31/2026', span(winter(2026, 12, 31), winter(2027, 1, 1))],
    ['31/12/2026', span(winter(2026, 12, 31), winter(2027, 1, 1))],
    ['on:2026-11', span(winter(2026, 11, 1), winter(2026, 12, 1))],
    // The first of October is in summer there, the first of November in winter.
    ['on:2026-10', span(summer(2026, 10, 1), winter(2026, 11, 1))],
    ['on:july', span(summer(2026, 7, 1), summer(2026, 8, 1))],
    ['in december', span(winter(2025, 12, 1), winter(2026, 1, 1))],
    ['on:2026', span(winter(2026, 1, 1), winter(2027, 1, 1))],
    ['on:nov 3', span(winter(2026, 11, 3), winter(2026, 11, 4))],
    ['on:"3 November 2026" plan', { ...span(winter(2026, 11, 3), winter(2026, 11, 4)), text: 'plan' }],
    ['today', span(winter(2026, 11, 29), winter(2026, 11, 30))],
    ['yesterday', span(winter(2026, 11, 28), winter(2026, 11, 29))],
    ['last week', span(winter(2026, 11, 16), winter(2026, 11, 23))],
    ['Last Week', span(winter(2026, 11, 16), winter(2026, 11, 23))],
    ['this week', span(winter(2026, 11, 23), winter(2026, 11, 30))],
    ['this month', span(winter(2026, 11, 1), winter(2026, 12, 1))],
    ['last month', span(summer(2026, 10, 1), winter(2026, 11, 1))],
    ['last year', span(winter(2025, 1, 1), winter(2026, 1, 1))],
    ['last 30 days', span(winter(2026, 10, 30), winter(2026, 11, 30))],
    ['last friday', span(winter(2026, 11, 27), winter(2026, 11, 28))],
    ['3 days ago', span(winter(2026, 11, 26), winter(2026, 11, 27))],
    ['older than 6 months', { before: summer(2026, 5, 29) }],
    ['older then 6 months', { before: summer(2026, 5, 29) }],
    ['older:6m', { before: summer(2026, 5, 29) }],
    ['older_than:6m', { before: summer(2026, 5, 29) }],
    ['older than a year', { before: winter(2025, 11, 29) }],
    ['older than 2026-07-01', { before: summer(2026, 7, 1) }],
    ['newer than 2 weeks', { after: winter(2026, 11, 15) }],
    ['before 31.12.2025', { before: winter(2025, 12, 31) }],
    ['since monday', { after: winter(2026, 11, 23) }],
    ['until:2026-10', { before: winter(2026, 11, 1) }],
    ['after:2026-07-01 before:2026-08', span(summer(2026, 7, 1), summer(2026, 8, 1))],
    ['on:2026-11-01..2026-11-15', span(winter(2026, 11, 1), winter(2026, 11, 16))],
    ['budget -draft', { text: 'budget', notText: ['draft'] }],
    ['budget –draft -"old one"', { text: 'budget', notText: ['draft', 'old one'] }],
    [
      '-<@U1|anna> -type:pdf,png -<#C1|x> -mine',
      {
        ...{ notUserIds: ['U1'], notTypes: ['pdf', 'png'], notChannelIds: ['C1'], notText: ['mine'] },
      },
    ],
    ['-from:me', { notUserIds: ['U0ME'] }],
    ['a - b -> c --', { text: 'a - b -> c --' }],
    ['2026-11 plan-b', { text: '2026-11 plan-b' }],
    ['*.pdf', { patterns: ['*.pdf'] }],
    ['report* -*.tmp', { patterns: ['report*'], notPatterns: ['*.tmp'] }],
    ['2 * 3', { text: '2 * 3' }],
    ['"*.pdf"', { text: '*.pdf' }],
    ['type:images', { types: ['image'] }],
    ['type:pictures,PDFs,mp4s', { types: ['image', 'pdf', 'mp4'] }],
    ['type:docs', { types: ['doc', 'docx', 'odt', 'rtf', 'pages', 'gdoc'] }],
    ['type:emails,voice,xls', { types: ['email', 'audio', 'xls'] }],
    ['ext:.dwg kind:videos', { types: ['dwg', 'video'] }],
    ['size>10mb', { minBytes: 10 * 2 ** 20 + 1 }],
    ['>10MB', { minBytes: 10 * 2 ** 20 + 1 }],
    ['larger than 10 MB', { minBytes: 10 * 2 ** 20 + 1 }],
    ['bigger:1gb', { minBytes: 2 ** 30 + 1 }],
    ['smaller than 1,5 kb', { maxBytes: 1535 }],
    ['at least 2 megabytes', { minBytes: 2 * 2 ** 20 }],
    ['"year end" report', { text: 'year end report', phrases: ['year end'] }],
    ['name:budget title:"year end"', { text: 'budget year end', phrases: ['year end'] }],
    ['last plan', { text: 'last plan' }],
    ['after sun in 30 days over 9000', { text: 'after sun in 30 days over 9000' }],
  ] as const)('%s', (typed, filter) => {
    const { filter: is, notes } = read(typed);
    expect(is).toEqual(filter);
    expect(notes.notUnderstood).toEqual([]);
  });

  it('a name of a channel is enough where no menu helps, and only for those who may know of it', () => {
    const channels = new Map([['general', 'C1']]);
    expect(read('in:#general plan').channelNames).toEqual(['general']);
    expect(read('in:#General plan', { channels }).filter).toEqual({ channelId: 'C1', text: 'plan' });
    expect(read('#general', { channels }).filter).toEqual({ channelId: 'C1' });
    expect(read('#5 plan', { channels }).filter).toEqual({ text: '#5 plan' });
    const { notes } = read('in:#finance', { channels });
    expect(notes.notUnderstood).toMatchObject([{ what: 'channel', typed: 'in:#finance', nearest: null }]);
    expect(read('in:txt plan', { channels }).notes.notUnderstood).toMatchObject([
      { nearest: 'in:text', instead: 'in:text plan' },
    ]);
    expect(read('in:nmae plan', { channels }).notes.notUnderstood).toMatchObject([{ nearest: 'in:name' }]);
    for (const query of ['-in:txt plan', '-in:text plan', 'in:#text plan'])
      expect(read(query, { channels }).notes.notUnderstood).toMatchObject([
        { what: 'channel', nearest: null },
      ]);
    expect(read('in:#genral', { channels }).notes.notUnderstood).toMatchObject([{ nearest: 'in:#general' }]);
  });
});

describe('what is not understood', () => {
  it('where to look for words needs some', () => {
    for (const query of ['in:text', 'in:name type:pdf', 'in:text *.pdf', 'in:text -*.pdf']) {
      const { filter, notes } = read(query);
      expect(filter.where).toBeUndefined();
      expect(notes.notUnderstood).toMatchObject([{ what: 'place', typed: query.split(' ')[0] }]);
    }
    for (const query of [
      'in:text plan',
      'in:text -plan',
      'in:name *.pdf',
      'in:text "a plan"',
      'in:text plan *.pdf',
    ])
      expect(read(query).notes.notUnderstood).toEqual([]);
  });

  it.each([
    ['form:me budget', 'form:me', 'from:me', 'from:me budget'],
    ['frm:me', 'frm:me', 'from:me', 'from:me'],
    ['budget tpye:pdf', 'tpye:pdf', 'type:pdf', 'budget type:pdf'],
    ['typ:pdf', 'typ:pdf', 'type:pdf', 'type:pdf'],
    ['befor:2026-11', 'befor:2026-11', 'before:2026-11', 'before:2026-11'],
    ['from:mee', 'from:mee', 'from:me', 'from:me'],
    ['on:yesterdy', 'on:yesterdy', 'on:yesterday', 'on:yesterday'],
    ['after:novemebr plan', 'after:novemebr', 'after:november', 'after:november plan'],
    ['type:imgaes', 'type:imgaes', 'type:images', 'type:images'],
    ['-tpye:pdf', '-tpye:pdf', '-type:pdf', '-type:pdf'],
  ])('%s: %s is said with %s', (query, typed, nearest, instead) => {
    const { notes } = read(query);
    expect(notes.notUnderstood).toMatchObject([{ typed, nearest, instead, searched: false }]);
    expect(read(instead).notes.notUnderstood).toEqual([]);
  });

  it('the rest still searches', () => {
    expect(read('budget form:me type:pdf').filter).toEqual({ text: 'budget', types: ['pdf'] });
    expect(read('budget on:2026-13-40').filter).toEqual({ text: 'budget' });
    expect(read('@home plan').filter).toEqual({ text: 'plan' });
    expect(read('size:huge plan').filter).toEqual({ text: 'plan' });
  });

  it('what is like no filter is a part of a name, and said; names with a colon stay names', () => {
    expect(read('colour:red').notes.notUnderstood).toMatchObject([{ what: 'filter', searched: true }]);
    expect(read('colour:red').filter).toEqual({ text: 'colour:red' });
    for (const name of ['10:30', 'http://x.y/z', 'C:\\x', 'final:v2.pdf', 're: plan', 'a::b'])
      expect(read(name).notes.notUnderstood).toEqual([]);
  });

  it('a date that can be two days is told, with the other one click away', () => {
    expect(read('plan 03/04/2026').notes.twoDays).toEqual([
      { typed: '03/04/2026', read: '2026-03-04', other: '2026-04-03', instead: 'plan 2026-04-03' },
    ]);
    for (const clear of ['12/31/2026', '31/12/2026', '04/04/2026', '03.04.2026'])
      expect(read(clear).notes.twoDays).toEqual([]);
  });

  it('says how the rest was read', () => {
    const { notes } = read('last week mine *.pdf -draft');
    expect(notes).toMatchObject({ bare: ['last week', 'mine'], named: ['*.pdf'], without: ['draft'] });
  });
});

describe('menus and fields rewrite a search without a change of its meaning', () => {
  const parts = ['last', 'week', 'older', 'than', '6', 'months', 'mine', 'from', 'me', '-draft', '-type:pdf'];
  const more = ['*.pdf', '31.12.2026', 'on:', 'nov', '3', '<@U1>', '<#C1>', 'size', '>10mb', '"last"', 'my'];
  const queries = fc
    .array(fc.constantFrom(...parts, ...more), { maxLength: 7 })
    .map((words) => words.join(' '));
  const filterOf = (query: string) => {
    try {
      return read(query).filter;
    } catch {
      return null;
    }
  };

  it('whatever stands beside what', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const before = filterOf(query);
        if (before === null) return;
        const { types, ...untyped } = before;
        expect(filterOf(withFilter(query, 'type', 'type:zip'))).toEqual({ ...untyped, types: ['zip'] });
        const { after, before: until, ...timeless } = before;
        expect(filterOf(withFilter(query, 'time', ''))).toEqual(timeless);
        const { userId, ...anybody } = before;
        expect(filterOf(withFilter(query, 'person', ''))).toEqual(anybody);
        const again = withFilter(query, 'words', filterWords(query, 'words'));
        expect(filterOf(again)).toEqual(before);
      }),
      { numRuns: runs(400) },
    );
  });
});
