import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namedIn, readWords, saidWords, soughtIn, wordsSaid } from '../../src/text/said-words.ts';
import { runs } from '../runs.ts';

const NAMES = { people: new Map([['U1', 'Anna']]), channels: new Map([['C1', 'sales']]) };
const read = (text: string) => readWords(saidWords(text), NAMES);

it.each([
  ['here is the *budget* you _asked_ for', 'here is the budget you asked for'],
  ['*_both_* and ~not this~', 'both and not this'],
  ['`code_with_a_line` and ```\na *block*\n```', 'code_with_a_line and a block'],
  ['my_file_name.pdf 2*3*4', 'my_file_name.pdf 2*3*4'],
  ['&gt; quoted\n&gt;&gt; twice', 'quoted\ntwice'],
  ['R&amp;D &lt;draft&gt;', 'R&D <draft>'],
  [
    'see <https://example.com/a_b|the page>, <https://example.com/x_y>',
    'see the page, https://example.com/x_y',
  ],
  ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
  [':tada: done', '🎉 done'],
  ['<@U1> and *<@U1|old name>*, <@U9>', '@Anna and @Anna, @someone'],
  ['in <#C1|old-name> and <#C9|secret-name>', 'in #sales and #a channel'],
  ['<!here> <!subteam^S1|@team> <!subteam^S1>', '@here @team @group'],
  ['until <!date^1741600000^{date}|10 March>', 'until 10 March'],
  ['&lt;@U1&gt; as typed', '<@U1> as typed'],
])('%s reads as %s', (text, words) => {
  expect(read(text)).toBe(words);
});

it('what people type never passes for the name of somebody', () => {
  expect(read('\u{e000}@U1\u{e001}')).toBe('@U1');
  expect(namedIn(saidWords('\u{e000}@U1\u{e001} <@U2> <#C3>'))).toEqual({ people: ['U2'], channels: ['C3'] });
});

it('ids are not what a message is found by', () => {
  expect(soughtIn(saidWords('for <@U1>: the offer')).trim()).toBe(': the offer'.replace(/^/, 'for  '));
});

it('a long message is cut, never within a name', () => {
  const words = saidWords(`${'a '.repeat(3_999)}<@U1234567890> end`);
  expect(words.length).toBeLessThanOrEqual(8_001);
  expect(read(words)).not.toMatch(/[\u{e000}\u{e001}]/u);
});

it('of a message without end, only the beginning is looked at, not cut within a link', () => {
  const hostile = `${' *a'.repeat(5_300)} <https://example.com/${'a'.repeat(200)}> ${' *a'.repeat(4_000_000)}`;
  const words = saidWords(hostile);
  expect(words.length).toBe(8_001);
  expect(saidWords(`${' '.repeat(15_990)}<https://example.com|the page>`)).toBe('…');
});

it('what came with many files is worked out once', () => {
  let asked = 0;
  const said = {
    get text() {
      asked += 1;
      return 'the *budget*';
    },
  };
  expect([wordsSaid(said), wordsSaid(said)]).toEqual(['the budget', 'the budget']);
  expect(asked).toBe(1);
});

it('any text gives words without marks, mentions and NUL', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('<@U1>', '<#C1|x>', '*', '_', '`', '```', '\u{e000}', '&gt;', '\0', '<', '>', '\n'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const shown = read(pieces.join(''));
      expect(shown).not.toMatch(/[\u{e000}\u{e001}\0]|<[@#][A-Z0-9]+[|>]/u);
    }),
    { numRuns: runs(300) },
  );
});
