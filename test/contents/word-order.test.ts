import fc from 'fast-check';
import { expect, it } from 'vitest';
import { searchedWords } from '../../src/catalog/reading/words.ts';
import { inSteps } from '../../src/contents/word-order.ts';
import { runs } from '../runs.ts';

const letters = fc.constantFrom(
  ...'aäbdeEginrsStyß0',
  'ies',
  'ings',
  'ı',
  'İ',
  '契約',
  '½',
  'ﬁ',
  '\u0301',
  '\u200c',
);
const token = fc.array(letters, { minLength: 1, maxLength: 7 }).map((all) => all.join(''));

it('where only some words count, these come as ever, and as many others stand between them', () => {
  let counted = 0;
  fc.assert(
    fc.property(fc.array(token, { maxLength: 20 }), fc.nat(), (tokens, which) => {
      const parts = [{ page: null, text: tokens.join(' ') }];
      const all = [...inSteps(parts)].flat();
      const words = [...searchedWords(tokens[which % Math.max(1, tokens.length)] ?? 'ies')];
      const only = new Set(words.slice(0, 2));
      const some = [...inSteps(parts, only)].flat();
      expect(some.map(({ at, follows }) => [at, follows])).toEqual(
        all.map(({ at, follows }) => [at, follows]),
      );
      for (const [i, { word }] of all.entries()) {
        if (!only.has(word)) continue;
        counted += 1;
        expect(some[i]?.word).toBe(word);
      }
    }),
    { numRuns: runs(2_000) },
  );
  expect(counted).toBeGreaterThan(runs(2_000));
});

it('most of the others are not looked at', () => {
  const parts = [{ page: null, text: 'The yearly closing of accounts, as ies 契約 Verträge' }];
  const words = [...inSteps(parts, new Set(['year']))].flat().map(({ word }) => word);
  expect(words).toEqual(['', 'yearly', '', '', '', '', '', '契約', 'vertrag']);
});
