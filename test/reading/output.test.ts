import { describe, expect, it } from 'vitest';
import { openOutput } from '../../src/reading/output.ts';
import type { Part } from '../../src/reading/reading.ts';

describe('what is written at one go', () => {
  const partsOf = (text: string): Part[] => {
    const parts: Part[] = [];
    const out = openOutput({ letters: 5_000_000, give: (part) => void parts.push(part) });
    out.write(text);
    out.end();
    return parts;
  };

  it.each([
    ['words', 'plan of the budget '.repeat(20_000), ' '],
    ['a text without gaps', '契約'.repeat(100_000), ''],
    ['letters of two halves', `x${'𠮷'.repeat(50_000)}`, ''],
  ])('is given away in parts: %s', (_, text, between) => {
    const parts = partsOf(text);
    expect(Math.max(...parts.map((part) => part.text.length))).toBeLessThanOrEqual(32_768);
    expect(parts.map((part) => part.text).join(between)).toBe(text.trim());
  });
});
