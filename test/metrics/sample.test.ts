import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLag } from '../../src/metrics/lag.ts';
import { failureLabel } from '../../src/metrics/reasons.ts';
import { createSample } from '../../src/metrics/sample.ts';

describe('a number that scrapes ask for', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is read once for all who ask within its time', async () => {
    let reads = 0;
    const sample = createSample(async () => ++reads, { everyMs: 1_000 });
    expect(await Promise.all([sample(), sample()])).toEqual([1, 1]);
    vi.advanceTimersByTime(900);
    expect(await sample()).toBe(1);
    vi.advanceTimersByTime(200);
    expect(await sample()).toBe(2);
  });

  it('is unknown while it cannot be read, and at once known again', async () => {
    let isAway = false;
    const sample = createSample(
      async () => {
        if (isAway) throw new Error('away');
        return 7;
      },
      { everyMs: 10 },
    );
    expect(await sample()).toBe(7);
    isAway = true;
    vi.advanceTimersByTime(20);
    expect(await sample()).toBeUndefined();
    isAway = false;
    expect(await sample()).toBe(7);
  });

  it('is unknown while its reading hangs, and no second one is begun for half a minute', async () => {
    let reads = 0;
    const hangs = () => {
      reads += 1;
      return new Promise<number>(() => {});
    };
    const sample = createSample(hangs, { everyMs: 10, deadlineMs: 100 });
    const ask = async () => {
      const asked = sample();
      await vi.advanceTimersByTimeAsync(150);
      return asked;
    };
    expect([await ask(), await ask(), await ask()]).toEqual([undefined, undefined, undefined]);
    expect(reads).toBe(1);
    await vi.advanceTimersByTimeAsync(31_000);
    await ask();
    expect(reads).toBe(2);
  });
});

describe('the age of the oldest change that is not in the bucket', () => {
  it('grows from the look that first saw its number, and falls when the oldest is written', () => {
    const lag = createLag();
    expect(lag({ first: null, last: null }, 0)).toBe(0);
    expect(lag({ first: 5, last: 9 }, 10_000)).toBe(0);
    expect(lag({ first: 5, last: 20 }, 40_000)).toBe(30_000);
    // The first ten are written: the oldest that is left was first seen at 40 s.
    expect(lag({ first: 15, last: 25 }, 60_000)).toBe(20_000);
    expect(lag({ first: null, last: null }, 70_000)).toBe(0);
    expect(lag({ first: 30, last: 30 }, 80_000)).toBe(0);
  });

  it('stays right over days', () => {
    const lag = createLag();
    let told = 0;
    for (let n = 0; n < 30_000; n++) told = lag({ first: 1, last: n + 1 }, n * 15_000);
    expect(told).toBe(29_999 * 15_000);
  });
});

it('codes that nobody knows beforehand share one label', () => {
  expect(['bucket_full', 'a_new_code_of_slack', null].map(failureLabel)).toEqual([
    'bucket_full',
    'other',
    'retried',
  ]);
});
