import { afterAll, beforeAll } from 'vitest';

/** The tests of this file start the bot as its owners do, from its sources (see bundled-bot.ts). */
export function startFromSources(): void {
  let bundled: string | undefined;
  beforeAll(() => {
    bundled = process.env.BUNDLED_BOT;
    delete process.env.BUNDLED_BOT;
  });
  afterAll(() => {
    if (bundled !== undefined) process.env.BUNDLED_BOT = bundled;
  });
}
