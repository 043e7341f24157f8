import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities, decodeShortcodes, decodeSlackText } from '../../src/text/slack-text.ts';

/** Texts full of signs that have a meaning. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ':',
        '::',
        'tada',
        ':tada:',
        ':100:',
        ':skin-tone-3:',
        ':wave:',
        '&',
        '&amp;',
        'amp;',
        '<',
      ),
      fc.constantFrom('&lt;', '>', 'C', '1', ' ', '🎉', 'ß', '\u{200d}', '\u{d800}', ':nobody_made_this:'),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('decodeEntities', () => {
  it.each([
    ['R&amp;D plan &lt;v2&gt;.pdf', 'R&D plan <v2>.pdf'],
    ['&amp;lt;', '&lt;'],
    ['&amp;amp;', '&amp;'],
    ['&quot;&#39;&nbsp;', '&quot;&#39;&nbsp;'],
    ['Q&A', 'Q&A'],
  ])('reads %s as %s', (encoded, decoded) => expect(decodeEntities(encoded)).toBe(decoded));

  it('returns any text that was encoded, and never throws', () => {
    const encode = (plain: string) =>
      plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    fc.assert(fc.property(text, (plain) => decodeEntities(encode(plain)) === plain));
  });
});

describe('decodeShortcodes', () => {
  it.each([
    [':tada: party.png', '🎉 party.png'],
    [':tada::tada:', '🎉🎉'],
    ['party:tada:time.png', 'party🎉time.png'],
    [':headphones: Huddle', '🎧 Huddle'],
    [':thumbsup: :+1: :-1:', '👍 👍 👎'],
    [':de: :flag-de: :flag-at:', '🇩🇪 🇩🇪 🇦🇹'],
    [':wave::skin-tone-3:', '👋🏼'],
    [':male-technologist::skin-tone-6:', '👨🏿‍💻'],
    [':v::skin-tone-2:', '✌🏻'],
    [':skin-tone-3:', '🏼'],
    [':8ball: :1234: :100:', '🎱 🔢 💯'],
    [':nobody_made_this:', ':nobody_made_this:'],
    [':nobody_made_this:tada:', ':nobody_made_this🎉'],
    ['10:30:45', '10:30:45'],
    ['10:100:45', '10:100:45'],
    ['C:foo:bar', 'C:foo:bar'],
    ['C:key:door', 'C:key:door'],
    [':constructor: :__proto__:', ':constructor: :__proto__:'],
    [':Tada: : tada :', ':Tada: : tada :'],
    ['::', '::'],
  ])('reads %s as %s', (typed, shown) => expect(decodeShortcodes(typed)).toBe(shown));

  it('leaves what is typed with its tone', () => {
    expect(decodeShortcodes('C:tada::skin-tone-2:1')).toBe('C:tada::skin-tone-2:1');
  });

  it('leaves decoded text as it is', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const once = decodeShortcodes(typed);
        expect(decodeShortcodes(once)).toBe(once);
      }),
    );
  });

  it('does not take longer for a text full of colons', () => {
    const long = ':tad'.repeat(50_000);
    expect(decodeShortcodes(long)).toBe(long);
  });
});

it('decodes a title once', () => {
  expect(decodeSlackText(':headphones: AI notes in &lt;#C0123&gt; &amp;amp; more')).toBe(
    '🎧 AI notes in <#C0123> &amp; more',
  );
});
