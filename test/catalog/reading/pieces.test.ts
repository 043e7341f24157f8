import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../src/catalog/reading/pieces.ts';
import { searchedWords, wordsOfPiece } from '../../../src/catalog/reading/words.ts';
import { runs } from '../../runs.ts';

const MOST = 60;
const letter = fc.constantFrom(
  ...['a', 'b', 'é', 'e\u0301', 'ß', '7', 'ﷺ', '契', '約', '京', 'か', 'ก', 'กิ', '\u200c', '𠮷', '𝐀', '™'],
  ...['-', '。', '.', 'ｶ', 'ﾞ', 'ー'],
);
/** Shorter than a piece, as what is longer than 40 letters is cut in any case. */
const broken = fc.array(letter, { minLength: 1, maxLength: 20, size: 'max' }).map((all) => all.join(''));
const unbroken = fc
  .array(fc.constantFrom('契', '約', '京', 'か', 'กิ', '𠮷'), { minLength: 1, maxLength: 90, size: 'max' })
  .map((all) => all.join(''));
const text = fc
  .array(fc.oneof(broken, unbroken, fc.constantFrom(' ', '\n')), { minLength: 1, maxLength: 12, size: 'max' })
  .map((all) => all.join(''));

describe('a long text in pieces', () => {
  it('has the same words as at one go, in their order', () => {
    let cuts = 0;
    fc.assert(
      fc.property(text, (whole) => {
        const pieces = [...piecesOf(whole, MOST)];
        cuts += pieces.length - 1;
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(MOST);
        expect(pieces.flatMap((piece) => [...wordsOfPiece(piece)])).toEqual([...wordsOfPiece(whole)]);
      }),
      { numRuns: runs(3_000) },
    );
    expect(cuts).toBeGreaterThan(runs(3_000));
  });

  it('ends, whatever it is', () => {
    for (const one of ['a', 'é', '\u0301', '\u200c', '契', '𠮷', ' ', '.', '\ud800', 'ﷺ'])
      for (const length of [999, 1_000, 1_001, 5_000])
        expect([...piecesOf(one.repeat(length))].join('').length).toBeGreaterThan(998);
  });

  it('has of a word without end its beginning', () => {
    expect([...searchedWords(`${'x'.repeat(100_000)} end`)]).toEqual(['x'.repeat(40), 'end']);
    expect([...searchedWords('契約'.repeat(2_000))]).toHaveLength(3_999);
  });
});
