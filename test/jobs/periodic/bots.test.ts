import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { reportBot, tryWrite } from '../../../src/catalog/alerts/bots.ts';
import { countBots } from '../../../src/jobs/periodic/bots.ts';
import { databases } from '../../catalog/databases.ts';

const log = pino({ level: 'silent' });

test.each(databases)('bots on $name count each other, and leave no trace when they go', async ({ fresh }) => {
  const catalog = await fresh();
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const alone = catalog.kind === 'sqlite';
    const bots = await countBots({ catalog, owner: 'a', log, scanMode: 'off' });
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

test.each(databases)(
  'bots on $name hear what the others do about malware, and the log says when it differs',
  async ({ fresh }) => {
    const catalog = await fresh();
    const lines: Array<{ code?: string; others?: string[]; msg: string }> = [];
    const heard = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      const alone = catalog.kind === 'sqlite';
      await reportBot(catalog, 'b', 'block');
      // A writing check of that bot does not change what it said, nor does a version that says nothing count.
      await tryWrite(catalog, 'b');
      await tryWrite(catalog, 'c');
      const bots = await countBots({ catalog, owner: 'a', log: heard, scanMode: 'off' });
      expect(bots.scanModes()).toEqual(alone ? [] : ['block']);
      expect(lines.filter(({ code }) => code === 'scan_differs')).toHaveLength(alone ? 0 : 1);
      await reportBot(catalog, 'b', 'off');
      vi.advanceTimersByTime(2_000);
      await vi.waitFor(() => expect(bots.scanModes()).toEqual(alone ? [] : ['off']), 10_000);
      expect(lines.some(({ msg }) => msg.includes('the same VAULT_SCAN again'))).toBe(!alone);
      await bots.stop();
    } finally {
      vi.useRealTimers();
      await catalog.close();
    }
  },
);
