import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createPaces, type Pace } from '../../src/slack/pace.ts';

/** Runs calls of one key on a clock that only the test moves; answers when each began, in ms. */
async function begin(pace: Pace, calls: number, takesMs: number): Promise<number[]> {
  vi.useFakeTimers();
  try {
    const start = performance.now();
    const paces = createPaces(() => pace);
    const begun: number[] = [];
    const all = Array.from({ length: calls }, (_, index) =>
      paces.run('key', async () => {
        begun.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        return index;
      }),
    );
    await vi.runAllTimersAsync();
    expect(await Promise.all(all)).toEqual(all.map((_, index) => index));
    paces.close();
    return begun;
  } finally {
    vi.useRealTimers();
  }
}

describe('the pace of calls', () => {
  it('never exceeds what a minute allows, nor the spacing, nor what goes at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          atOnce: fc.integer({ min: 1, max: 20 }),
          perMinute: fc.integer({ min: 1, max: 50 }),
          spacingMs: fc.constantFrom(0, 0, 10, 1_000),
        }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 0, max: 5_000 }),
        async (pace, calls, takesMs) => {
          const begun = await begin(pace, calls, takesMs);
          expect(begun).toHaveLength(calls);
          for (const [index, at] of begun.entries()) {
            const inMinute = begun.filter((other) => other > at - 60_000 && other <= at).length;
            const underWay = begun.slice(0, index).filter((other) => other + takesMs > at).length;
            expect(inMinute).toBeLessThanOrEqual(pace.perMinute);
            expect(underWay).toBeLessThan(pace.atOnce);
            if (index > 0) expect(at - (begun[index - 1] as number)).toBeGreaterThanOrEqual(pace.spacingMs);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves others their part, as soon as it is known that there are any', async () => {
    vi.useFakeTimers();
    try {
      let sharers = 1;
      const paces = createPaces(
        (key) => ({ atOnce: 9, ...(key === 'method' ? { perMinute: 8 } : { spacingMs: 1_000 }) }),
        {
          sharers: () => sharers,
        },
      );
      const begun: Record<string, number[]> = { method: [], channel: [] };
      const start = performance.now();
      const call = (key: string) =>
        paces.run(key, async () => void begun[key]?.push(Math.round(performance.now() - start)));
      await call('method');
      sharers = 4;
      for (let i = 0; i < 3; i++) for (const key of ['method', 'channel']) void call(key);
      await vi.runAllTimersAsync();
      paces.close();
      expect(begun).toEqual({ method: [0, 0, 60_000, 60_000], channel: [0, 4_000, 8_000] });
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on soon when the others have gone', async () => {
    vi.useFakeTimers();
    try {
      let sharers = 10;
      const paces = createPaces(() => ({ atOnce: 9, perMinute: 10 }), { sharers: () => sharers });
      const start = performance.now();
      const begun: number[] = [];
      for (let i = 0; i < 2; i++)
        void paces.run('key', async () => void begun.push(performance.now() - start));
      await vi.advanceTimersByTimeAsync(5_500);
      sharers = 1;
      await vi.runAllTimersAsync();
      paces.close();
      expect(begun).toEqual([0, 6_000]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes on after a call that failed, and passes its error on', async () => {
    const paces = createPaces(() => ({ atOnce: 1 }));
    await expect(paces.run('key', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await paces.run('key', async () => 'yes')).toBe('yes');
    paces.close();
  });

  it('lets other keys go on while one waits, however many there are', async () => {
    const paces = createPaces(() => ({ atOnce: 1 }));
    let free = () => {};
    const slow = paces.run('slow', () => new Promise<void>((resolve) => (free = resolve)));
    for (let key = 0; key < 3_000; key++) await paces.run(`key ${key}`, async () => {});
    free();
    await slow;
    paces.close();
  });

  it('does not stand still when the clock is set back', async () => {
    const paces = createPaces(() => ({ atOnce: 1, spacingMs: 20 }));
    await paces.run('key', async () => {});
    const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    await paces.run('key', async () => {});
    set.mockRestore();
    paces.close();
  });
});
