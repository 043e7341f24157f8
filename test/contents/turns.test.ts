import { describe, expect, it } from 'vitest';
import { placeOfPhrases } from '../../src/contents/phrases.ts';
import { snippetOf } from '../../src/contents/snippet.ts';
import { indexedText } from '../../src/contents/words-of.ts';
import { turnsOf } from '../helpers/turns.ts';

describe('a long text in one part lets everything else have its turn after some hundred letters', () => {
  it.each([
    ['of words', 'plan of the budget and others '.repeat(3_000)],
    ['of long words, each another one', Array.from({ length: 90 }, (_, i) => 'ﷺ'.repeat(900 + i)).join(' ')],
    ['of one word', 'ﷺ'.repeat(90_000)],
    ['of marks alone', `${'\u0301'.repeat(990)} `.repeat(90)],
    ['without gaps', '契約'.repeat(45_000)],
  ])('%s', async (_, text) => {
    const parts = [{ page: null, text }];
    // A word without end is left after its beginning.
    const least = text.includes(' ') || text.startsWith('契') ? 25 : 0;
    expect(await turnsOf(() => indexedText(parts))).toBeGreaterThan(2 * least);
    expect(await turnsOf(() => placeOfPhrases(parts, [['zebra', 'crossing']]))).toBeGreaterThan(least);
    expect(await turnsOf(() => snippetOf(parts, 'zebra'))).toBeGreaterThan(least);
  });
});
