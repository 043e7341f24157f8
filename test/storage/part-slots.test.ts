import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { takePartSlot } from '../../src/storage/part-slots.ts';

it('lets two in, and the next in their order as each leaves', async () => {
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const all = [0, 1, 2, 3].map(async (n) => {
    leave[n] = await takePartSlot();
    entered.push(n);
  });
  await setImmediate();
  expect(entered).toEqual([0, 1]);
  leave[1]?.();
  leave[1]?.();
  await setImmediate();
  expect(entered).toEqual([0, 1, 2]);
  leave[0]?.();
  await Promise.all(all);
  expect(entered).toEqual([0, 1, 2, 3]);
  leave[2]?.();
  leave[3]?.();
});

it('lets those go who are stopped while they wait, and forgets them', async () => {
  const first = await takePartSlot();
  const second = await takePartSlot();
  const stop = new AbortController();
  const stopped = takePartSlot(stop.signal);
  const patient = takePartSlot();
  stop.abort(new Error('enough'));
  await expect(stopped).rejects.toMatchObject({ code: 'aborted', cause: { message: 'enough' } });
  await expect(takePartSlot(stop.signal)).rejects.toMatchObject({
    code: 'aborted',
    cause: { message: 'enough' },
  });
  first();
  const third = await patient;
  second();
  third();
});
