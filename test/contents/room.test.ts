// @slow: it starts a reading process.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { READING_MACHINE, type ReadingMachine, roomToRead } from '../../src/contents/room.ts';
import type { Log } from '../../src/log.ts';
import { jailed } from '../../src/reading/jail.ts';
import { LIMITS } from '../../src/reading/limits.ts';

const MB = 1024 ** 2;

function ask(machine: Partial<ReadingMachine> = {}, ocr: string[] = []) {
  const said: string[] = [];
  const log = {
    warn: ({ code }: { code: string }, text: string) => void said.push(`${code}: ${text}`),
  } as unknown as Log;
  const clock = { now: 0 };
  const whole = { memory: 800 * MB, limits: true, closesNetwork: true, tryOut: async () => undefined };
  return { said, clock, room: roomToRead({ ocr, log, now: () => clock.now }, { ...whole, ...machine }) };
}

it('here it is', async () => {
  const { said, room } = ask();
  expect(await room.isThere()).toBe(true);
  const real = roomToRead({ ocr: [], log: { warn() {} } as unknown as Log, now: () => 0 });
  expect(await real.isThere()).toBe(true);
  expect([said, room.lacks(), real.lacks()]).toEqual([[], [], []]);
});

it.each([
  [{ memory: 512 * MB }, [], 'the bot has 512 MB of memory, and reading needs 768', 'memory'],
  [{ memory: 512 * MB }, ['eng'], 'the bot has 512 MB of memory, and reading needs 768', 'memory'],
  [{ limits: false }, [], 'this system cannot limit', 'limits'],
])(
  'where it is not (%j, %j), the bot goes on without reading, and says so once',
  async (machine, ocr, why, kind) => {
    const { said, room } = ask(machine, ocr);
    expect([await room.isThere(), await room.isThere()]).toEqual([false, false]);
    expect(said).toEqual([expect.stringMatching(new RegExp(`^no_room_to_read: Files are not read: ${why}`))]);
    expect(room.lacks()).toMatchObject([{ kind }]);
  },
);

it('where there is too little memory for letters in pictures alone, everything else is read', async () => {
  const { said, room } = ask({ memory: 800 * MB }, ['eng']);
  expect([await room.isThere(), await room.isThere(), room.ocr]).toEqual([true, true, []]);
  expect(said).toEqual([
    expect.stringMatching(/^no_room_for_ocr: Pictures .* 800 MB of memory, and VAULT_OCR needs 1024/),
  ]);
  expect(room.lacks()).toEqual([{ kind: 'ocr_memory', memoryMb: 800, neededMb: 1024 }]);
  expect(ask({ memory: 1024 * MB }, ['eng']).room).toMatchObject({ ocr: ['eng'] });
});

it('a process that cannot be started is tried again an hour later', async () => {
  let tries = 0;
  const { said, clock, room } = ask({
    tryOut: async () => {
      tries += 1;
      if (tries < 3) throw Object.assign(new Error('no'), { code: 'EAGAIN' });
    },
  });
  expect([await room.isThere(), await room.isThere()]).toEqual([false, false]);
  expect(room.lacks()).toEqual([{ kind: 'start', reason: 'EAGAIN' }]);
  expect(tries).toBe(1);
  clock.now += 3_600_000;
  expect(await room.isThere()).toBe(false);
  clock.now += 3_600_000;
  expect([await room.isThere(), await room.isThere()]).toEqual([true, true]);
  expect(tries).toBe(3);
  expect(said).toHaveLength(1);
  expect(room.lacks()).toEqual([]);
});

it('an old Node, which leaves the network open, is named once', async () => {
  const { said, room } = ask({ closesNetwork: false });
  expect([await room.isThere(), await room.isThere()]).toEqual([true, true]);
  expect(said).toEqual([expect.stringContaining('reading_reaches_network')]);
});

it('knows whether this Node keeps the reading process from the network', () => {
  const { file, args, env } = jailed(resolve(import.meta.dirname, '../reading/escape.ts'), [], LIMITS);
  const done = JSON.parse(spawnSync(file, args, { env, encoding: 'utf8' }).stdout) as string[];
  expect(done.some((one) => one.startsWith('open a connection'))).toBe(!READING_MACHINE.closesNetwork);
});
