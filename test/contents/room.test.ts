// @slow: it starts a reading process.
import { expect, it } from 'vitest';
import { roomToRead } from '../../src/contents/room.ts';
import type { Log } from '../../src/log.ts';

const MB = 1024 ** 2;

function ask(machine: Partial<Parameters<typeof roomToRead>[1]> = {}, ocr: string[] = []) {
  const said: string[] = [];
  const log = { warn: (_: object, text: string) => void said.push(text) } as unknown as Log;
  const clock = { now: 0 };
  const whole = { memory: 800 * MB, limits: true, tryOut: async () => undefined, ...machine };
  return { said, clock, isThere: roomToRead({ ocr, log, now: () => clock.now }, whole) };
}

it('here it is', async () => {
  const { said, isThere } = ask();
  expect(await isThere()).toBe(true);
  const real = roomToRead({ ocr: [], log: {} as Log, now: () => 0 });
  expect(await real()).toBe(true);
  expect(said).toEqual([]);
});

it.each([
  [{ memory: 512 * MB }, [], 'the bot has 512 MB of memory, and reading needs 768'],
  [{ memory: 800 * MB }, ['eng'], 'the bot has 800 MB of memory, and reading needs 1024'],
  [{ limits: false }, [], 'this system cannot limit'],
])(
  'where it is not (%j, %j), the bot goes on without reading, and says so once',
  async (machine, ocr, why) => {
    const { said, isThere } = ask(machine, ocr);
    expect([await isThere(), await isThere()]).toEqual([false, false]);
    expect(said).toEqual([expect.stringContaining(why)]);
  },
);

it('a process that cannot be started is tried again an hour later', async () => {
  let tries = 0;
  const { said, clock, isThere } = ask({
    tryOut: async () => {
      tries += 1;
      if (tries < 3) throw new Error('EAGAIN');
    },
  });
  expect([await isThere(), await isThere()]).toEqual([false, false]);
  expect(tries).toBe(1);
  clock.now += 3_600_000;
  expect(await isThere()).toBe(false);
  clock.now += 3_600_000;
  expect([await isThere(), await isThere()]).toEqual([true, true]);
  expect(tries).toBe(3);
  expect(said).toHaveLength(1);
});
