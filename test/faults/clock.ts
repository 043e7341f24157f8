import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bot, TestVault } from '../helpers/vault.ts';

/** The clock of a bot that is started with `env`. */
export interface BotClock {
  env: Record<string, string>;
  /** Sets the clock to this many ms off the true time. */
  step(bot: Bot, offset: number): void;
  /** Lets the clock and its timers run this many times as fast from now on. */
  run(bot: Bot, rate: number): void;
}

export function botClock(vault: TestVault): BotClock {
  const path = join(vault.dir, 'clock.json');
  const preload = pathToFileURL(join(import.meta.dirname, 'clock-preload.ts')).href;
  const set = (clock: { offset: number | null; rate: number }, bot?: Bot) => {
    writeFileSync(path, JSON.stringify(clock));
    bot?.process.kill('SIGUSR2');
  };
  set({ offset: 0, rate: 1 });
  return {
    env: { NODE_OPTIONS: `--import=${preload}`, FAULT_CLOCK: path },
    step: (bot, offset) => set({ offset, rate: 1 }, bot),
    run: (bot, rate) => set({ offset: null, rate }, bot),
  };
}
