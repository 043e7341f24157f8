import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainSigns } from '../../src/text/signs.ts';
import { readField, readTyped } from '../../src/text/typed.ts';

describe('readTyped', () => {
  it.each([
    ['find <http://readme.md|readme.md>', 'find readme.md'],
    ['find <https://example.com/a?b=1&amp;c=2>', 'find https://example.com/a?b=1&c=2'],
    ['<https://example.com/|R&amp;D &lt;v2&gt;>', 'R&D <v2>'],
    ['<mailto:anna@example.com|anna@example.com>', 'anna@example.com'],
    ['<mailto:anna@example.com>', 'anna@example.com'],
    ['<tel:+4312345|+43 1 2345>', '+43 1 2345'],
    ['<tel:+4312345>', '+4312345'],
    ['R&amp;D plan &lt;v2&gt;.pdf', 'R&D plan <v2>.pdf'],
    ['a-&gt;b map.csv', 'a->b map.csv'],
    ['&amp;amp;', '&amp;'],
    [':tada: party.png', '🎉 party.png'],
    ['<@U0123> <@W0123|anna> <#C0123|general> <#C0123>', '<@U0123> <@W0123|anna> <#C0123|general> <#C0123>'],
    ['<@U0123|:tada:>', '<@U0123|:tada:>'],
    ['<!here> <!channel> <!everyone|everyone>', '@here @channel @everyone'],
    ['<!subteam^S0123|@design> <!subteam^S0123>', '@design <!subteam^S0123>'],
    ['<!date^1392734382^{date}|Feb 18, 2014>', 'Feb 18, 2014'],
    ['plan <v2>.pdf', 'plan <v2>.pdf'],
    ['a < b > c', 'a < b > c'],
    ['<', '<'],
    ['<|x>', '<|x>'],
  ])('reads %s as %s', (text, typed) => expect(readTyped(text)).toBe(typed));

  it('keeps every id, reads any text that Slack escaped, and never throws', () => {
    const id = fc.constantFrom('<@U0123>', '<@U0123|anna lee>', '<#C0123|general>', '<@W9>');
    const words = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((word) => !word.includes(':'));
    const escaped = (plain: string) =>
      plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    fc.assert(
      fc.property(fc.array(fc.tuple(words, id)), (parts) => {
        const sent = parts.map(([word, mention]) => escaped(word) + mention).join('');
        expect(readTyped(sent)).toBe(parts.map(([word, mention]) => word + mention).join(''));
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => typeof readTyped(any) === 'string'));
  });
});

describe('readField', () => {
  it.each([
    ['R&amp;D', 'R&D'],
    ['R&D', 'R&D'],
    ['Q&A &amp; more', 'Q&A &amp; more'],
    ['a->b &lt;', 'a->b &lt;'],
    ['&lt;v2&gt;', '<v2>'],
    [':tada:', '🎉'],
  ])('reads %s as %s', (value, typed) => expect(readField(value)).toBe(typed));
});

describe('plainSigns', () => {
  it.each([
    ['Anna’s ‘x’', "Anna's 'x'"],
    ['„a“ «b» “c” ″', '"a" "b" "c" "'],
    ['2026–01—02‑03−04--05', '2026-01-02-03-04-05'],
    ['a\u00a0b\u2009c\u3000d', 'a b c d'],
    ['\u200eא\u200f\u202e\u2066x\u2069\ufeffy\u00adz', 'אxyz'],
    [':tada: 🎉', '🎉 🎉'],
    ['R&amp;D', 'R&D'],
  ])('writes %s as %s', (text, plain) => expect(plainSigns(text)).toBe(plain));
});
