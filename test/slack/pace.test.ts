// @slow: hundreds of calls at a pace.
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPaces, NoTurnError, type Pace, type Waiting } from '../../src/slack/pace.ts';
import type { Urgency } from '../../src/slack/urgency.ts';

/** Runs calls of one key on a clock that only the test moves; returns when each began, in ms. */
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

const secondsSince = (start: number) => Math.round((performance.now() - start) / 1_000);

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
      const call = (key: string) => paces.run(key, async () => void begun[key]?.push(secondsSince(start)));
      const first = call('method');
      await vi.advanceTimersByTimeAsync(100);
      await first;
      sharers = 4;
      for (let i = 0; i < 3; i++) for (const key of ['method', 'channel']) void call(key);
      await vi.runAllTimersAsync();
      paces.close();
      expect(begun).toEqual({ method: [0, 0, 60, 60], channel: [0, 4, 8] });
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
      for (let i = 0; i < 2; i++) void paces.run('key', async () => void begun.push(secondsSince(start)));
      await vi.advanceTimersByTimeAsync(5_500);
      sharers = 1;
      await vi.runAllTimersAsync();
      paces.close();
      expect(begun).toEqual([0, 6]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('turns nobody away at once for others who may not be there', async () => {
    vi.useFakeTimers();
    try {
      for (const isStarting of [true, false]) {
        let sharers = 10;
        const paces = createPaces(() => ({ atOnce: 9, perMinute: 10 }), {
          sharers: () => sharers,
          mayBeFewer: () => isStarting,
        });
        const call = () => paces.run('key', async () => 'done', { patienceMs: 10_000 });
        await Promise.all([call(), vi.advanceTimersByTimeAsync(100)]);
        const second = call().catch(({ code }) => code);
        await vi.advanceTimersByTimeAsync(5_000);
        sharers = 1;
        await vi.advanceTimersByTimeAsync(2_000);
        expect(await second).toBe(isStarting ? 'done' : 'no_turn');
        paces.close();
      }
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
    const others = (from: number) =>
      Promise.all(Array.from({ length: 1_500 }, (_, at) => paces.run(`key ${from + at}`, async () => {})));
    for (const from of [0, 1_500]) await others(from);
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

  it('hands what waits to a fresh limiter when the clock is set back, in its order, and begins none too early', async () => {
    vi.useFakeTimers();
    try {
      const paces = createPaces(() => ({ atOnce: 1, perMinute: 3 }));
      const begun: string[] = [];
      const start = performance.now();
      const call = (name: string, urgency: Urgency, takesMs = 0) =>
        void paces.run(
          'key',
          async () => {
            begun.push(`${name} ${secondsSince(start)}`);
            await new Promise((resolve) => setTimeout(resolve, takesMs));
          },
          { urgency },
        );
      call('under way', 'background', 5_000);
      await vi.advanceTimersByTimeAsync(100);
      for (const name of ['home 1', 'home 2']) call(name, 'home');
      for (const name of ['person 1', 'person 2']) call(name, 'person');
      await vi.advanceTimersByTimeAsync(100);
      for (const hours of [1, 2]) {
        vi.setSystemTime(Date.now() - hours * 3_600_000);
        await vi.advanceTimersByTimeAsync(1_500);
      }
      await vi.runAllTimersAsync();
      expect(begun).toEqual(['under way 0', 'person 1 5', 'person 2 5', 'home 1 60', 'home 2 65']);
      paces.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets people go first, then confirmations, App Homes and what nobody waits for', async () => {
    const paces = createPaces(() => ({ atOnce: 1 }));
    const begun: string[] = [];
    const urgencies: Urgency[] = ['background', 'home', 'confirmation', 'person'];
    const first = paces.run('key', () => new Promise((resolve) => setTimeout(resolve, 50)));
    await Promise.all([
      first,
      ...urgencies.flatMap((urgency) =>
        [1, 2].map((at) => paces.run('key', async () => void begun.push(`${urgency} ${at}`), { urgency })),
      ),
    ]);
    expect(begun).toEqual(urgencies.reverse().flatMap((urgency) => [`${urgency} 1`, `${urgency} 2`]));
    paces.close();
  });

  it('fails at once what cannot have its turn in time, by its own urgency', async () => {
    vi.useFakeTimers();
    try {
      const paces = createPaces(() => ({ atOnce: 9, perMinute: 2 }));
      const begun: string[] = [];
      const run = (name: string, waiting: Waiting) =>
        paces.run('key', async () => void begun.push(name), waiting).catch((error) => error);
      void run('first', {});
      await vi.advanceTimersByTimeAsync(20_000);
      for (const name of ['second', 'third', 'fourth']) void run(name, { urgency: 'home' });
      await vi.advanceTimersByTimeAsync(10);
      // The third waits for the first, the fourth for the second, and the next one for a second minute.
      for (const [patienceMs, urgency] of [
        [99_000, 'home'],
        [39_000, 'person'],
      ] as const) {
        const error = await run('late', { urgency, patienceMs });
        expect(error).toBeInstanceOf(NoTurnError);
        expect(error.retryAfterMs).toBeGreaterThan(patienceMs);
        expect(error.retryAfterMs).toBeLessThan(patienceMs + 1_100);
      }
      void run('person', { urgency: 'person', patienceMs: 41_000 });
      await vi.runAllTimersAsync();
      expect(begun).toEqual(['first', 'second', 'person', 'third', 'fourth']);
      paces.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets go of what has waited long enough or has been called away, and of nothing that has begun', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const paces = createPaces(() => ({ atOnce: 1, spacingMs: 100 }));
    const begun: string[] = [];
    let free = () => {};
    const run = (name: string, waiting: Waiting) =>
      paces.run('key', async () => void begun.push(name), waiting).catch((error) => error);
    const away = new AbortController();
    const slow = paces.run('key', () => new Promise<string>((resolve) => (free = () => resolve('done'))), {
      patienceMs: 300,
      signal: away.signal,
    });
    const impatient = Array.from({ length: 2 }, () => run('impatient', { patienceMs: 250 }));
    const called = run('called away', { signal: away.signal });
    const patient = run('patient', {});
    await vi.advanceTimersByTimeAsync(50);
    away.abort('no longer wanted');
    expect(await called).toBe('no longer wanted');
    await vi.advanceTimersByTimeAsync(200);
    for (const error of await Promise.all(impatient)) expect(error).toBeInstanceOf(NoTurnError);
    await vi.advanceTimersByTimeAsync(100);
    free();
    expect(await slow).toBe('done');
    await vi.advanceTimersByTimeAsync(100);
    await patient;
    expect(begun).toEqual(['patient']);
    paces.close();
  });

  it('rests as long as it is told, each key for itself', async () => {
    vi.useFakeTimers();
    try {
      const paces = createPaces(() => ({ atOnce: 9 }));
      const start = performance.now();
      const begun: string[] = [];
      const call = (key: string) =>
        paces.run(key, async () => void begun.push(`${key} ${secondsSince(start)}`));
      paces.rest('tired', 30_000);
      for (const key of ['tired', 'fresh', 'tired']) void call(key);
      await expect(paces.run('tired', async () => {}, { patienceMs: 29_000 })).rejects.toThrow(NoTurnError);
      await vi.runAllTimersAsync();
      expect(begun).toEqual(['fresh 0', 'tired 30', 'tired 30']);
      paces.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
