// @slow: a process really stands still.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { watchStalls } from '../../../src/jobs/periodic/stall-watch.ts';

/** As SQLite does while another program holds its lock. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('tells how long the process stood still, once each time, and ignores short waits', () => {
  // The test has its own clock: a busy machine may itself stand still for as long.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
    vi.useRealTimers();
  });
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      vi.advanceTimersByTime(100);
    }
  };
  const stall = (ms: number) => {
    now += ms;
  };
  const stalls: number[] = [];
  const stop = watchStalls((ms) => stalls.push(ms), 2_000);
  pass(1_200);
  stall(700);
  pass(1_200);
  expect(stalls).toEqual([]);
  stall(2_100);
  pass(1_200);
  expect(stalls).toEqual([expect.toSatisfy((ms: number) => ms >= 2_100)]);
  stall(2_100);
  pass(1_200);
  expect(stalls).toHaveLength(2);
  stop();
  stall(2_100);
  pass(700);
  expect(stalls).toHaveLength(2);
});

it('notices a process that really stands still, until it is stopped', async () => {
  const stalls: number[] = [];
  const stop = watchStalls((ms) => stalls.push(ms), 2_000);
  standStill(2_100);
  await sleep(1_200);
  expect(stalls).toContainEqual(expect.toSatisfy((ms: number) => ms >= 2_100));
  stop();
  const told = stalls.length;
  standStill(2_100);
  await sleep(700);
  expect(stalls).toHaveLength(told);
});
