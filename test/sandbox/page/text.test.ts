import { describe, expect, test } from 'vitest';
import { ago, dayHeading, formatDate } from '../../../sandbox/page/text/dates.ts';
import { withEmoji } from '../../../sandbox/page/text/emoji.ts';
import { bytes, initials, plural } from '../../../sandbox/page/text/format.ts';
import { toSlack, toTyped } from '../../../sandbox/page/text/typed.ts';

const NOW = new Date(2026, 10, 23, 15, 4, 5).getTime();
const HOUR = 3_600_000;

describe('dates', () => {
  test.each([
    ['{date_num} {time}', '2026-11-23 3:04 PM'],
    ['{date_short}', 'Nov 23, 2026'],
    ['{date_long}', 'Monday, November 23, 2026'],
    ['{date_short_pretty} at {time}', 'Today at 3:04 PM'],
    ['on {date_pretty}', 'on today'],
    ['{time_secs} {unknown}', '3:04:05 PM {unknown}'],
  ])('%s', (format, text) => expect(formatDate(format, NOW, NOW)).toBe(text));

  test('near days have names, far ones do not', () => {
    expect(dayHeading(NOW - 24 * HOUR, NOW)).toBe('Yesterday');
    expect(dayHeading(NOW - 72 * HOUR, NOW)).toBe('Friday, November 20');
    expect(formatDate('{date_short_pretty}', NOW - 72 * HOUR, NOW)).toBe('Nov 20, 2026');
  });

  test('ago', () => {
    expect([0, 60_000, 59 * 60_000].map((age) => ago(NOW - age, NOW))).toEqual([
      'just now',
      '1 minute ago',
      '59 minutes ago',
    ]);
    expect(ago(NOW - 2 * HOUR, NOW)).toBe('today at 1:04 PM');
  });
});

test('sizes count as Slack and the bot count', () => {
  const read = [0, 1, 1023, 1024, 483_221, 1_048_500, 150 * 1024 ** 2, 3.5 * 1024 ** 3].map(bytes);
  expect(read).toEqual(['0 bytes', '1 byte', '1023 bytes', '1 KB', '472 KB', '1 MB', '150 MB', '3.5 GB']);
});

test('plurals and initials', () => {
  expect([plural(1, 'reply', 'replies'), plural(1200, 'object')]).toEqual(['1 reply', '1,200 objects']);
  expect(['Anna Keller', 'anna', 'Ana María de la Cruz'].map(initials)).toEqual(['AK', 'A', 'AC']);
});

test('shortcodes that are not emoji stay as they are', () => {
  expect(withEmoji(':tada: at 10:30:45 :toString:')).toBe('🎉 at 10:30:45 :toString:');
});

describe('what people type', () => {
  const names = {
    people: [
      { id: 'U0BEN', name: 'ben', real_name: 'Ben', color: '', role: 'member' as const, is_bot: false },
    ],
    channels: [
      {
        ...{ id: 'C0GEN', name: 'general', kind: 'public' as const, topic: '' },
        ...{ is_member: true, bot_is_member: true, members: [], tabs: [] },
      },
    ],
  };

  test('is escaped, with mentions as ids', () => {
    expect(toSlack('@ben: see #general & <b>', names)).toBe('<@U0BEN>: see <#C0GEN|general> &amp; &lt;b&gt;');
    expect(toSlack('mail ben@ben.io, @nobody, a#general', names)).toBe('mail ben@ben.io, @nobody, a#general');
  });

  test('comes back for editing as it was typed', () => {
    for (const typed of ['@ben: see #general & <b>', '&lt;', 'a <@U0BEN> b', 'x > y']) {
      expect(toTyped(toSlack(typed, names), names)).toBe(typed);
    }
  });
});
