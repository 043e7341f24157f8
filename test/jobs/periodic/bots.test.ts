import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { reportBot } from '../../../src/catalog/watch/bots.ts';
import { countBots } from '../../../src/jobs/periodic/bots.ts';
import { databases } from '../../catalog/databases.ts';

const log = pino({ level: 'silent' });

test.each(databases)('bots on $name count each other, and go without a trace', async ({ fresh }) => {
  const catalog = await fresh();
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now');
  try {
    const alone = catalog.kind === 'sqlite';
    const bots = await countBots({ catalog, owner: 'a', log });
    // Who has just started does not take all that there is: others may be starting as well.
    expect(bots.count()).toBe(alone ? 1 : 10);
    clock.mockImplementation(() => now() + 6_000);
    expect(bots.count()).toBe(1);
    await reportBot(catalog, 'b');
    for (let waited = 0; !alone && bots.count() !== 2 && waited < 5_000; waited += 50) await sleep(50);
    expect(bots.count()).toBe(alone ? 1 : 2);
    await bots.stop();
    expect(await reportBot(catalog, 'b')).toBe(1);
  } finally {
    clock.mockRestore();
    await catalog.close();
  }
});
