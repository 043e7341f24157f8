import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchClock } from '../../../src/jobs/periodic/clock-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells how far the clock was set back, once, and ignores steps forward and small ones', () => {
  const steps: number[] = [];
  const stop = watchClock((ms) => steps.push(ms));
  const step = (ms: number) => {
    vi.setSystemTime(Date.now() + ms);
    vi.advanceTimersByTime(5_000);
  };
  step(3_600_000);
  step(-500);
  expect(steps).toEqual([]);
  step(-3_600_000);
  expect(steps).toHaveLength(1);
  expect(steps[0]).toBeCloseTo(3_600_000, -1);
  stop();
  step(-60_000);
  expect(steps).toHaveLength(1);
});
