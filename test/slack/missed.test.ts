import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Missed, watchMissed } from '../../src/slack/missed.ts';

const log = pino({ level: 'silent' });
let asked: number;
let works: boolean;
let missed: Missed;

beforeEach(() => {
  vi.useFakeTimers();
  [asked, works] = [0, false];
  missed = watchMissed({
    log,
    async ask() {
      if (!works) throw new Error('the database is away');
      asked += 1;
    },
  });
});
afterEach(() => {
  missed.stop();
  vi.useRealTimers();
});

describe('what could not be acknowledged', () => {
  it('is asked for as soon as the catalog works, though nothing else comes', async () => {
    missed.missed();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(asked).toBe(0);
    works = true;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(asked).toBe(1);
  });

  it('is asked for at once when another delivery was written down', async () => {
    missed.missed();
    works = true;
    missed.worked();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toBe(1);
  });

  it('is asked for once, however much was missed', async () => {
    for (let i = 0; i < 100; i++) missed.missed();
    works = true;
    for (let i = 0; i < 100; i++) missed.worked();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(1);
  });

  it('while it is asked for, is asked for once more', async () => {
    let release = () => {};
    let calls = 0;
    const slow = watchMissed({
      log,
      async ask() {
        calls += 1;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    slow.missed();
    slow.worked();
    slow.missed();
    release();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(calls).toBe(2);
    slow.stop();
  });

  it('costs nothing when nothing was missed', async () => {
    works = true;
    missed.worked();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(0);
  });

  it('is left to the next start when the process stops', async () => {
    missed.missed();
    missed.stop();
    works = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(0);
  });
});
