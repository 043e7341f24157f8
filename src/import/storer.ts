import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Recorded } from './record.ts';
import { addStored, type ImportReport, takeBack } from './report.ts';
import { type Stored, type StoreOptions, storeFile, withoutWork } from './store.ts';

export interface Storer {
  /** Stores a file when its turn comes. Waits while too many wait. */
  add(recorded: Recorded): Promise<void>;
  /** Whether it cannot go on: {@link Storer.finish} says why. */
  isBroken(): boolean;
  /** Waits for all of them. Throws the first error that ends an import. */
  finish(): Promise<void>;
}

/** A file that another process has is asked for so often. Its lease ends within minutes. */
const TRIES = 3;
/** So many files may wait for their turn; then reading the archive waits, too. */
const MOST_WAITING = 200;

/** Stores files side by side, and counts what became of each. */
export function startStorer(
  options: StoreOptions,
  concurrency: number,
  signal: AbortSignal,
  report: ImportReport,
): Storer {
  const limit = pLimit(concurrency);
  const running = new Map<string, Promise<void>>();
  /** What was counted for a file; '' once it is in the vault. A later message may bring it after all. */
  const counted = options.index.notes();
  /** Files that another process works on: a bot, or an import that was killed and whose lease has not ended. */
  const busy = new Map<string, { recorded: Recorded; until: number }>();
  /** Who waits until a place is free. */
  const waiting: Array<() => void> = [];
  let broken: { error: unknown } | undefined;

  async function work(recorded: Recorded): Promise<void> {
    if (broken !== undefined || signal.aborted) return;
    const stored = await storeFile(options, recorded, signal);
    if (stored.what === 'busy') busy.set(recorded.fileId, { recorded, until: stored.until });
    else tell(recorded.fileId, stored);
  }

  function tell(fileId: string, stored: Stored): void {
    const before = counted.get(fileId);
    // Counted when it was stored, for an earlier message.
    if (before === '' && stored.what === 'already') return;
    if (before) takeBack(report, JSON.parse(before) as Stored);
    addStored(report, fileId, stored);
    const isLeft = stored.what === 'waits' || stored.what === 'not_had';
    counted.set(fileId, isLeft ? JSON.stringify(stored) : '');
  }

  async function add(recorded: Recorded): Promise<void> {
    const { fileId } = recorded;
    await running.get(fileId);
    const stored = withoutWork(recorded);
    if (stored !== undefined) return tell(fileId, stored);
    const done = limit(() => work(recorded))
      .catch((error: unknown) => {
        broken ??= { error };
      })
      .then(() => {
        running.delete(fileId);
        for (const wake of waiting.splice(0)) wake();
      });
    running.set(fileId, done);
    while (running.size > MOST_WAITING) await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** Waits until nobody else can have the busy files any more, and tries them again. */
  async function retryBusy(): Promise<void> {
    const again = [...busy.values()];
    busy.clear();
    const until = Math.max(...again.map((one) => one.until));
    await sleep(Math.max(0, until - options.now()) + 1_000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    for (const { recorded } of again) await add(recorded);
    await Promise.all(running.values());
  }

  return {
    add,
    isBroken: () => broken !== undefined,
    async finish() {
      await Promise.all(running.values());
      for (let tries = 1; tries <= TRIES && busy.size > 0 && !signal.aborted && !broken; tries++)
        await retryBusy();
      if (signal.aborted) return;
      // Another process keeps it: that one stores it.
      for (const fileId of busy.keys()) addStored(report, fileId, { what: 'waits' });
      if (broken !== undefined) throw broken.error;
    },
  };
}
