import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { reportBot } from '../../../src/catalog/alerts/bots.ts';
import { countBots } from '../../../src/jobs/periodic/bots.ts';
import { databases } from '../../catalog/databases.ts';

const log = pino({ level: 'silent' });

test.each(databases)('bots on $name count each other, and leave no trace when they go', async ({ fresh }) => {
  const catalog = await fresh();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const alone = catalog.kind === 'sqlite';
    const bots = await countBots({ catalog, owner: 'a', log });
    // A bot that has just started does not take everything: others may be starting too.
    expect(bots.count()).toBe(alone ? 1 : 10);
    vi.advanceTimersByTime(6_000);
    expect(bots.count()).toBe(1);
    await reportBot(catalog, 'b');
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(bots.count()).toBe(alone ? 1 : 2), 10_000);
    await bots.stop();
    expect(await reportBot(catalog, 'b')).toBe(1);
  } finally {
    vi.useRealTimers();
    await catalog.close();
  }
});
