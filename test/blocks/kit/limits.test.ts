import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEnd, cutMiddle } from '../../../src/blocks/kit/limits.ts';
import { anyName } from '../arbitraries.ts';

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

describe('shortening', () => {
  it('leaves alone what fits', () => {
    expect(cutEnd('exactly10!', 10)).toBe('exactly10!');
    expect(cutMiddle('exactly10!', 10)).toBe('exactly10!');
  });

  it('takes the middle out of a name and keeps its extension', () => {
    expect(cutMiddle('A very long report about nothing in particular, final.docx', 30)).toBe(
      'A very long report …final.docx',
    );
  });

  it('keeps whole characters as a reader sees them', () => {
    expect(cutEnd('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 25)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'é', '👩‍👩‍👧‍👦', '🇩🇪', '.'), { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const whole = new Set(graphemes(text));
        for (const part of graphemes(cutMiddle(text, 40))) expect(part === '…' || whole.has(part)).toBe(true);
      }),
    );
  });

  it('never exceeds the limit', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 3, max: 300 }), (text, max) => {
        expect(cutEnd(text, max).length).toBeLessThanOrEqual(max);
        expect(cutMiddle(text, max).length).toBeLessThanOrEqual(max);
      }),
    );
  });
});
