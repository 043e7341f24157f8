import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { startWorker, type Worker } from '../../src/work/worker.ts';

const silent = pino({ level: 'silent' });

/** Rows in memory, due at a time, claimed one by one as the catalog does. */
function rows(...dueAt: number[]) {
  const waiting = dueAt.map((at, id) => ({ id, at }));
  return {
    waiting,
    claim: async (limit: number) => {
      const due = waiting.filter(({ at }) => at <= Date.now()).slice(0, limit);
      for (const row of due) waiting.splice(waiting.indexOf(row), 1);
      return due.map(({ id }) => id);
    },
    nextDueAt: async () => (waiting.length === 0 ? null : Math.min(...waiting.map(({ at }) => at))),
  };
}

async function done(probe: () => boolean): Promise<void> {
  for (let waited = 0; !probe(); waited += 5) {
    if (waited > 10_000) throw new Error('waited too long');
    await sleep(5);
  }
}

describe('a worker', () => {
  it('does what is due now and what falls due later, each row once', async () => {
    const now = Date.now();
    const source = rows(now, now, now + 60, now + 120);
    const worked: number[] = [];
    const worker = startWorker({
      name: 'test',
      concurrency: 2,
      longestSleepMs: 5_000,
      log: silent,
      ...source,
      work: async (id) => void worked.push(id),
    });
    await done(() => worked.length === 4);
    await worker.stop(100);
    expect(worked.sort()).toEqual([0, 1, 2, 3]);
  });

  it('never works on more rows at once than it has hands', async () => {
    const source = rows(...Array.from({ length: 20 }, () => 0));
    let running = 0;
    let most = 0;
    let finished = 0;
    const worker = startWorker({
      name: 'test',
      concurrency: 3,
      longestSleepMs: 5_000,
      log: silent,
      ...source,
      async work() {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
        finished += 1;
      },
    });
    await done(() => finished === 20);
    await worker.stop(100);
    expect(most).toBe(3);
  });

  it('looks at once when poked, however long it meant to sleep', async () => {
    const source = rows();
    const worked: number[] = [];
    const worker = startWorker({
      name: 'test',
      concurrency: 1,
      longestSleepMs: 60_000,
      log: silent,
      ...source,
      work: async (id) => void worked.push(id),
    });
    await sleep(20);
    source.waiting.push({ id: 7, at: 0 });
    worker.poke();
    await done(() => worked.length === 1);
    await worker.stop(100);
  });

  it('is not kept busy by pokes when there is nothing to do, and does what comes meanwhile soon', async () => {
    const source = rows();
    let looks = 0;
    const worked: number[] = [];
    const worker = startWorker({
      name: 'test',
      concurrency: 1,
      longestSleepMs: 60_000,
      log: silent,
      nextDueAt: source.nextDueAt,
      claim(limit) {
        looks += 1;
        return source.claim(limit);
      },
      work: async (id) => void worked.push(id),
    });
    for (let pokes = 0; pokes < 50; pokes++) {
      worker.poke();
      await sleep(2);
    }
    expect(looks).toBeLessThan(25);
    source.waiting.push({ id: 7, at: 0 });
    worker.poke();
    await done(() => worked.length === 1);
    await worker.stop(100);
  });

  it('rests for as long as it is told to after a look in vain', async () => {
    const source = rows();
    let looks = 0;
    const worker = startWorker({
      name: 'test',
      concurrency: 1,
      restMs: 60_000,
      longestSleepMs: 60_000,
      log: silent,
      nextDueAt: source.nextDueAt,
      claim(limit) {
        looks += 1;
        return source.claim(limit);
      },
      work: async () => {},
    });
    for (let pokes = 0; pokes < 80; pokes++) {
      worker.poke();
      await sleep(2);
    }
    await worker.stop(100);
    expect(looks).toBeLessThan(3);
  });

  it('wakes for what falls due while pokes have to wait', async () => {
    const began = Date.now();
    const source = rows(began + 20, began + 40, began + 60);
    const worked: number[] = [];
    const worker = startWorker({
      name: 'test',
      concurrency: 1,
      longestSleepMs: 60_000,
      log: silent,
      ...source,
      work: async (id) => void worked.push(id),
    });
    for (let pokes = 0; worked.length < 3 && pokes < 1_000; pokes++) {
      worker.poke();
      await sleep(2);
    }
    await worker.stop(100);
    expect(worked).toEqual([0, 1, 2]);
  });

  it('goes on after work that throws and a catalog that cannot be read', async () => {
    const source = rows(0, 0, 0);
    let broken = true;
    const worked: number[] = [];
    const worker = startWorker({
      name: 'test',
      concurrency: 1,
      longestSleepMs: 5_000,
      log: silent,
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
    await done(() => worked.length === 3);
    await worker.stop(100);
  });

  it('takes nothing new when stopped, waits for what runs, and then tells it to give up', async () => {
    const source = rows(0, 0);
    let aborted = false;
    let worker: Worker | undefined;
    const started = new Promise<void>((resolve) => {
      worker = startWorker({
        name: 'test',
        concurrency: 1,
        longestSleepMs: 5_000,
        log: silent,
        ...source,
        async work(_, signal) {
          resolve();
          await new Promise<void>((end) => signal.addEventListener('abort', () => end()));
          aborted = true;
        },
      });
    });
    await started;
    await worker?.stop(50);
    expect(aborted).toBe(true);
    expect(source.waiting).toHaveLength(1);
    expect(worker?.running()).toBe(0);
  });

  it('hands a row back whose work failed, as soon as the catalog takes it', async () => {
    const source = rows(0);
    let isAway = true;
    const worked: number[] = [];
    const worker = startWorker({
      ...{ name: 'test', concurrency: 1, longestSleepMs: 5_000, log: silent },
      ...source,
      async work(id) {
        worked.push(id);
        if (isAway) throw new Error('the catalog is away');
      },
      async handBack(id) {
        if (worked.length === 1 && isAway) {
          isAway = false;
          throw new Error('still away');
        }
        source.waiting.push({ id, at: 0 });
      },
    });
    await done(() => worked.length === 2);
    await sleep(50);
    expect(worked).toEqual([0, 0]);
    await worker.stop(100);
  });

  it('stops while it cannot hand a row back', async () => {
    const worker = startWorker({
      ...{ name: 'test', concurrency: 1, longestSleepMs: 5_000, log: silent },
      ...rows(0),
      work: () => Promise.reject(new Error('the catalog is away')),
      handBack: () => Promise.reject(new Error('the catalog is away')),
    });
    await sleep(50);
    const began = performance.now();
    await worker.stop(100);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
