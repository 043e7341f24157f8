import { expect, test } from 'vitest';
import { measureCrowd } from '../../bench/events/crowd.ts';
import { measureEvents } from '../../bench/events/measure.ts';
import { measureWorst } from '../../bench/events/worst.ts';

test.each(['http', 'socket'] as const)(
  'the benchmark sees every event acknowledged and every file captured once (%s)',
  async (mode) => {
    const measured = await measureEvents(mode, { events: 20, seconds: 1 }, 15_000);
    expect(measured).toMatchObject({ sent: 20, acknowledged: 20, captured: 20, counted: 20, again: 0 });
    expect(measured.catchUpMs).not.toBeNull();
    expect(measured.requests.PutObject).toBeGreaterThanOrEqual(20);
    expect(measured.bot.delayMs.max).toBeGreaterThan(0);
    expect(measured.bot.longestWorkMs).toBeGreaterThan(0);
    expect(measured.bot.cpuSeconds).toBeGreaterThan(0);
  },
  180_000,
);

test('the benchmark sees every one of a crowd answered', async () => {
  const served = await measureCrowd({ people: 5, seconds: 1, homes: 2 });
  expect(served).toMatchObject({ asked: 5, answered: 5, right: 5, homes: { later: 2 }, refused: 0 });
  expect(served.ms).toHaveLength(5);
}, 180_000);

test('the benchmark sees each of the worst questions answered, and events acknowledged beside', async () => {
  const worst = await measureWorst({ files: 2_000, perSecond: 2, seconds: 10, say: () => {} });
  expect(worst).toMatchObject({ files: 2_000, sent: 20, acknowledged: 20 });
  expect(worst.words).toBeGreaterThan(1_333);
  for (const { name, answered, workMs } of worst.asked) {
    expect([name, answered.ms]).toEqual([name, expect.any(Number)]);
    expect(answered.text).not.toContain('went wrong');
    expect(workMs).toBeGreaterThan(0);
  }
}, 240_000);
