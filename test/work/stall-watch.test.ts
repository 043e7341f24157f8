import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchStalls } from '../../src/work/stall-watch.ts';

/** As SQLite does while another program holds its lock. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('tells how long the process stood still, once for each time, and nothing of short waits', async () => {
  const stalls: number[] = [];
  const stop = watchStalls((ms) => stalls.push(ms), 2_000);
  await sleep(1_200);
  standStill(700);
  await sleep(1_200);
  expect(stalls).toEqual([]);
  standStill(2_100);
  await sleep(1_200);
  expect(stalls).toEqual([expect.toSatisfy((ms: number) => ms >= 2_100)]);
  stop();
  standStill(2_100);
  await sleep(700);
  expect(stalls).toHaveLength(1);
});
