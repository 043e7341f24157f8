import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangesOf } from '../../../src/catalog/search/word-condition.ts';

describe('where the rows of a step stand', () => {
  test('has every row in one range, in order, with no range beside another', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 400 }), (ids) => {
        const ranges = rangesOf(ids);
        if (ranges === null) return;
        for (const id of ids) expect(ranges.filter(([low, high]) => low <= id && id <= high)).toHaveLength(1);
        for (const [at, [low, high]] of ranges.entries()) {
          expect(ids).toContain(low);
          expect(ids).toContain(high);
          const next = ranges[at + 1];
          if (next !== undefined) expect(next[0]).toBeGreaterThan(high + 1);
        }
      }),
    );
  });

  test('is not worth it when they are far from one another', () => {
    expect(rangesOf(Array.from({ length: 300 }, (_, place) => place * 1_000))).toBeNull();
    expect(rangesOf([])).toEqual([]);
  });
});
