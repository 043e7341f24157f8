import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startWorker, type WorkOn } from '../../src/jobs/worker.ts';

const silent = pino({ level: 'silent' });

/** Rows in memory with due times, claimed one by one as the catalog does. Counts the looks for them. */
function rows(...dueAt: number[]) {
  const waiting = dueAt.map((at, id) => ({ id, at }));
  const source = {
    waiting,
    looks: 0,
    claim: async (limit: number) => {
      source.looks += 1;
      const due = waiting.filter(({ at }) => at <= Date.now()).slice(0, limit);
      for (const row of due) waiting.splice(waiting.indexOf(row), 1);
      return due.map(({ id }) => id);
    },
    nextDueAt: async () => (waiting.length === 0 ? null : Math.min(...waiting.map(({ at }) => at))),
  };
  return source;
}

describe('a worker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const start = (o: Pick<WorkOn<number>, 'claim' | 'nextDueAt' | 'work'> & Partial<WorkOn<number>>) =>
    startWorker({ name: 'test', concurrency: 1, longestSleepMs: 60_000, log: silent, ...o });

  it('does what is due now and what falls due later, each row once', async () => {
    const now = Date.now();
    const source = rows(now, now, now + 60, now + 120);
    const worked: number[] = [];
    const worker = start({ ...source, concurrency: 2, work: async (id) => void worked.push(id) });
    await pass(59);
    expect(worked).toEqual([0, 1]);
    await pass(1);
    expect(worked).toEqual([0, 1, 2]);
    await pass(1_000);
    await worker.stop(100);
    expect(worked).toEqual([0, 1, 2, 3]);
  });

  it('never works on more rows at once than it has hands', async () => {
    const source = rows(...Array.from({ length: 20 }, () => 0));
    let running = 0;
    let most = 0;
    let finished = 0;
    const worker = start({
      ...source,
      concurrency: 3,
      async work() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        finished += 1;
      },
    });
    await pass(7 * 5);
    await worker.stop(100);
    expect([most, finished]).toEqual([3, 20]);
  });

  it('looks at once when woken, however long it meant to sleep', async () => {
    const source = rows();
    const worked: number[] = [];
    const worker = start({ ...source, work: async (id) => void worked.push(id) });
    await pass(5_000);
    source.waiting.push({ id: 7, at: 0 });
    worker.wake();
    await pass(0);
    expect(worked).toEqual([7]);
    await worker.stop(100);
  });

  it('looks now and then without being woken: other processes add rows as well', async () => {
    const source = rows();
    const worked: number[] = [];
    const worker = start({ ...source, work: async (id) => void worked.push(id) });
    await pass(1_000);
    source.waiting.push({ id: 7, at: 0 });
    await pass(58_000);
    expect(worked).toEqual([]);
    await pass(1_000);
    expect(worked).toEqual([7]);
    await worker.stop(100);
  });

  it('is not kept busy by wake-ups when there is nothing to do, and soon does what comes meanwhile', async () => {
    const source = rows();
    const worked: number[] = [];
    const worker = start({ ...source, work: async (id) => void worked.push(id) });
    for (let wakes = 0; wakes < 50; wakes++) {
      worker.wake();
      await pass(2);
    }
    expect(source.looks).toBeLessThanOrEqual(3);
    source.waiting.push({ id: 7, at: 0 });
    worker.wake();
    await pass(100);
    expect(worked).toEqual([7]);
    await worker.stop(100);
  });

  it('rests for the set time after a look that found nothing', async () => {
    const source = rows();
    const worker = start({ ...source, restMs: 30_000, work: async () => {} });
    for (let wakes = 0; wakes < 80; wakes++) {
      worker.wake();
      await pass(200);
    }
    expect(source.looks).toBe(1);
    await pass(14_000);
    expect(source.looks).toBe(2);
    await worker.stop(100);
  });

  it('wakes for what falls due while wake-ups have to wait', async () => {
    const began = Date.now();
    const source = rows(began + 20, began + 40, began + 60);
    const worked: number[] = [];
    const worker = start({ ...source, work: async (id) => void worked.push(id) });
    await pass(0);
    for (let wakes = 0; wakes < 30; wakes++) {
      worker.wake();
      await pass(2);
    }
    expect(worked).toEqual([0, 1, 2]);
    await worker.stop(100);
  });

  it('does not work on the same row twice at once, as after a clock that was set forward', async () => {
    let running = 0;
    let most = 0;
    let end = () => {};
    const worker = start({
      concurrency: 2,
      claim: async () => [1],
      nextDueAt: async () => null,
      key: String,
      async work() {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        running -= 1;
      },
    });
    for (let looks = 0; looks < 3; looks++) {
      worker.wake();
      await pass(1_000);
    }
    expect([most, worker.running()]).toEqual([1, 1]);
    const stopped = worker.stop(100);
    end();
    await stopped;
    expect(running).toBe(0);
  });

  it('goes on after work that throws and a catalog that cannot be read', async () => {
    const source = rows(0, 0, 0);
    let broken = true;
    const worked: number[] = [];
    const worker = start({
      nextDueAt: source.nextDueAt,
      async claim(limit) {
        if (broken) {
          broken = false;
          throw new Error('no catalog');
        }
        return source.claim(limit);
      },
      async work(id) {
        worked.push(id);
        if (id === 0) throw new Error('no luck');
      },
    });
    await pass(999);
    expect(worked).toEqual([]);
    await pass(1);
    await worker.stop(100);
    expect(worked).toEqual([0, 1, 2]);
  });

  it('takes nothing new when stopped, waits for running work, and then tells it to give up', async () => {
    const source = rows(0, 0);
    let aborted = false;
    const worker = start({
      ...source,
      async work(_, signal) {
        await new Promise<void>((end) => signal.addEventListener('abort', () => end()));
        aborted = true;
      },
    });
    await pass(0);
    const stopped = worker.stop(50);
    await pass(49);
    expect(aborted).toBe(false);
    await pass(1);
    await stopped;
    expect(aborted).toBe(true);
    expect(source.waiting).toHaveLength(1);
    expect(worker.running()).toBe(0);
  });

  it('hands back a row whose work failed, as soon as the catalog takes it', async () => {
    vi.useRealTimers();
    const source = rows(0);
    const worked: number[] = [];
    let tries = 0;
    const worker = start({
      ...source,
      async work(id) {
        worked.push(id);
        if (worked.length === 1) throw new Error('the catalog is away');
      },
      async handBack(id) {
        tries += 1;
        if (tries === 1) throw new Error('still away');
        source.waiting.push({ id, at: 0 });
      },
    });
    await vi.waitUntil(() => worked.length === 2, { timeout: 10_000 });
    await worker.stop(100);
    expect([worked, tries, source.waiting]).toEqual([[0, 0], 2, []]);
  });

  it('stops while it cannot hand a row back', async () => {
    vi.useRealTimers();
    const away = () => Promise.reject(new Error('the catalog is away'));
    let isTried = false;
    const handBack = () => {
      isTried = true;
      return away();
    };
    const worker = start({ ...rows(0), work: away, handBack });
    await vi.waitUntil(() => isTried, { timeout: 10_000 });
    await worker.stop(100);
    expect(worker.running()).toBe(0);
  });
});
