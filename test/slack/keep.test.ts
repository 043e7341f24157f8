import { describe, expect, it } from 'vitest';
import { keepFor } from '../../src/slack/keep.ts';

describe('answers that are kept for a while', () => {
  it('are asked for once, by however many at a time, until they are too old', async () => {
    let now = 0;
    let asked = 0;
    const kept = keepFor(
      1_000,
      () => now,
      async (key) => `${key} ${++asked}`,
    );
    expect(await Promise.all([kept.get('a'), kept.get('a'), kept.get('b')])).toEqual(['a 1', 'a 1', 'b 2']);
    now = 999;
    expect(await kept.get('a')).toBe('a 1');
    now = 1_000;
    expect(await kept.get('a')).toBe('a 3');
    kept.forget('a');
    expect(await kept.get('a')).toBe('a 4');
  });

  it('failures are not kept', async () => {
    let fail = true;
    const kept = keepFor(1_000, undefined, async () => {
      if (fail) throw new Error('down');
      return 'up';
    });
    await expect(kept.get('a')).rejects.toThrow('down');
    fail = false;
    expect(await kept.get('a')).toBe('up');
  });
});
