import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inPartSlot } from '../../src/storage/part-slots.ts';

it('lets two in, and the next in their order as each leaves', async () => {
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const all = [0, 1, 2, 3].map((n) =>
    inPartSlot(async () => {
      entered.push(n);
      await new Promise<void>((resolve) => {
        leave[n] = resolve;
      });
      return n;
    }),
  );
  await setImmediate();
  expect(entered).toEqual([0, 1]);
  leave[1]?.();
  leave[1]?.();
  await setImmediate();
  expect(entered).toEqual([0, 1, 2]);
  leave[0]?.();
  await setImmediate();
  expect(entered).toEqual([0, 1, 2, 3]);
  leave[2]?.();
  leave[3]?.();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

it('gives the place back when the work fails, and passes its error on', async () => {
  const failing = () => inPartSlot(() => Promise.reject(new Error('no')));
  for (let i = 0; i < 3; i++) await expect(failing()).rejects.toThrow('no');
  expect(await inPartSlot(async () => 'done')).toBe('done');
});

it('releases work that is stopped while it waits, and never begins it', async () => {
  const leave: (() => void)[] = [];
  const held = [0, 1].map(() => inPartSlot(() => new Promise<void>((resolve) => leave.push(resolve))));
  await setImmediate();
  const stop = new AbortController();
  const begun: string[] = [];
  const stopped = inPartSlot(async () => void begun.push('stopped'), stop.signal);
  const patient = inPartSlot(async () => void begun.push('patient'));
  stop.abort(new Error('enough'));
  await expect(stopped).rejects.toMatchObject({ code: 'aborted', cause: { message: 'enough' } });
  await expect(inPartSlot(async () => void begun.push('late'), stop.signal)).rejects.toMatchObject({
    code: 'aborted',
    cause: { message: 'enough' },
  });
  leave[0]?.();
  await patient;
  leave[1]?.();
  await Promise.all(held);
  expect(begun).toEqual(['patient']);
});
