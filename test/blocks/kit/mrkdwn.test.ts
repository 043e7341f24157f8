import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boldName,
  channel,
  code,
  day,
  moment,
  person,
  quietName,
  visibleName,
} from '../../../src/blocks/kit/mrkdwn.ts';
import { anyName } from '../arbitraries.ts';
import { couldFormat, readMrkdwn } from '../mrkdwn-reader.ts';

describe('a name', () => {
  it.each([
    ['report.pdf', '*report.pdf*'],
    ['my_report_v2~final.pdf', '*my_report_v2~final.pdf*'],
    ['R&D <draft>.txt', '*R&amp;D &lt;draft&gt;.txt*'],
    ['Umfang größer – 図面.pdf', '*Umfang größer – 図面.pdf*'],
    ['*bold*.pdf', '`*bold*.pdf`'],
    ['_draft_.md', '`_draft_.md`'],
    ['it`s.txt', '`itˋs.txt`'],
    [':tada:.png', '`:tada:.png`'],
    ['<!channel>.pdf', '*&lt;!channel&gt;.pdf*'],
    ['@everyone.pdf', '`@everyone.pdf`'],
    ['https://evil.example/a.pdf', '`https://evil.example/a.pdf`'],
    ['> quote.txt', '`&gt; quote.txt`'],
    ['two\nlines.txt', '*two␊lines.txt*'],
    ['invoice\u202efdp.exe', '*invoice�fdp.exe*'],
    ['דוח.pdf', '*\u2068דוח.pdf\u2069*'],
    ['broken\ud800.bin', '*broken�.bin*'],
    [' padded.txt ', '` padded.txt `'],
    ['', '*Untitled*'],
    [' \u200b', '*Untitled*'],
    [null, '*Untitled*'],
  ])('%j is shown as %j', (name, shown) => {
    expect(boldName(name, 60)).toBe(shown);
  });

  it('is plain where it is not bold', () => {
    expect(quietName('R&D.pdf', 60)).toBe('R&amp;D.pdf');
    expect(quietName('*a*', 60)).toBe('`*a*`');
  });

  it('cannot make a mention, a link or any formatting', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 16, max: 400 }), (name, max) => {
        for (const shown of [boldName(name, max), quietName(name, max), code(name, max)]) {
          const reading = readMrkdwn(`:page: ${shown} moved`);
          expect(reading.controls).toEqual([]);
          expect(reading.code.length + reading.bold.length).toBeLessThanOrEqual(1);
          expect(couldFormat(reading.rest.replace(':page:', ''))).toBeNull();
          for (const bold of reading.bold) expect(couldFormat(bold.replace(/[<>]/g, ''))).toBeNull();
          expect(shown).not.toContain('\n');
        }
      }),
    );
  });

  it('is shown exactly when it is short and harmless to the eye', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }), (name) => {
        fc.pre(name.trim() !== '' && !name.includes('`'));
        const { code: span, bold } = readMrkdwn(boldName(name, 60));
        expect([...span, ...bold]).toEqual([name]);
      }),
    );
  });

  it('never reorders the text around it: the only direction controls are our closed isolate', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 16, max: 200 }), (name, max) => {
        const shown = visibleName(name, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown.replace(/^\u2068(.*)\u2069$/su, '$1')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('people, channels and times', () => {
  it('are mentions only for real ids', () => {
    expect(person('U0ANN')).toBe('<@U0ANN>');
    expect(person('vault')).toBe('RIA Vault');
    expect(person(null)).toBe('someone');
    expect(person('!channel')).toBe('someone');
    expect(channel('C0GENERAL')).toBe('<#C0GENERAL>');
    expect(channel('D0DIRECT')).toBe('this direct message');
    expect(channel('C1|x> <!here')).toBe('a channel');
  });

  it('show in the time zone of the reader, with a fallback in UTC', () => {
    const at = Date.UTC(2026, 10, 23, 7, 6, 30);
    expect(moment(at)).toBe(`<!date^${at / 1000}^{date_short_pretty} at {time}|Nov 23, 2026, 07:06 UTC>`);
    expect(day(at)).toBe(`<!date^${at / 1000}^{date_short_pretty}|Nov 23, 2026>`);
    expect(moment(Number.NaN)).toBe('at an unknown time');
    expect(moment(null)).toBe('at an unknown time');
  });
});
