import type { DatabaseSync } from 'node:sqlite';
import type { LogSync } from './log-sync.ts';
import { allowLargeRowid } from './node-sqlite.ts';

/** A batch that has lasted this long (ms) takes nobody else in: the event loop has other things to do. */
const FULL_AFTER_MS = 10;

/** Kept, so that a clock stopped by a test changes nothing here. */
const { setImmediate } = globalThis;

/** Work that is committed together. */
export interface Batch {
  /** Resolves when everything in it is on disk; rejects when nothing of it is. */
  ended: Promise<void>;
  /** Why nothing of it may be committed: SQLite has already undone it, as it does when the disk is full. */
  failure: unknown;
}

export interface Batches {
  /** Waits for the caller's turn. From then on, the caller is alone with the database. */
  enter(): Promise<Batch>;
  /** Lets the next one in, and resolves when the caller's work is on disk. Rejects when it is not. */
  leave(batch: Batch): Promise<void>;
  /** Resolves when nobody waits for anything. Call it before the database is closed. */
  settle(): Promise<void>;
}

export interface BatchOptions {
  log: LogSync;
  /** A batch that has lasted this long takes nobody else in, in ms (10). */
  fullAfterMs?: number | undefined;
  /** Called when a sync has failed. By default the process ends, as for any defect. */
  onLost?: ((error: unknown) => void) | undefined;
}

/**
 * After a failed sync nobody can say what is on disk, and a second sync would not show it: systems forget what they
 * could not write. PostgreSQL ends then, too. Source: postgresql.org/docs, "data_sync_retry".
 */
function endProcess(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

interface OpenBatch extends Batch {
  began: number;
  /** The turn of the event loop has ended, and somebody is still in it. */
  isOver: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Commits work together. Each commit has to reach the disk: a hundred events a second with four commits each leave no
 * time for anything else. So all work that comes within one turn of the event loop shares a transaction, one after
 * the other, and each caller hears of its success when all of it is on disk. Nobody learns of any result before that.
 * The event loop gets its turn after every batch, however many are waiting. When nothing else waits, the commit comes
 * at once.
 *
 * Why not simply plain transactions with `synchronous = full`? Measured at 30 events a second, each recorded and then
 * stored, seven runs of each way in turns (November 2026, two processors under a load of 20; the middle of the runs):
 *
 *                                              here      plain
 *     acknowledged after, p99                 133 ms    134 ms
 *     event loop held up, p99                  37 ms    194 ms
 *     event loop held up, longest             105 ms    377 ms
 *     the process's own work in one go          7 ms     51 ms
 *
 * Plain transactions are acknowledged in time, but hold the loop for more than 50 ms: it waits for the disk at each
 * commit, and goes from one transaction to the next without a turn. A turn after each transaction does not help
 * (p99 208 ms). Ask again when SQLite can sync beside the event loop.
 */
export function createBatches(database: DatabaseSync, options: BatchOptions): Batches {
  const { log, fullAfterMs = FULL_AFTER_MS, onLost = endProcess } = options;
  const begin = allowLargeRowid(database.prepare('begin'));
  const commit = allowLargeRowid(database.prepare('commit'));
  const changes = database.prepare('select total_changes() as so_far');
  let changesSeen = 0;
  /** Settles when everything committed so far is on disk. */
  let durable = Promise.resolve();
  /** Why nobody knows any more what is on disk. */
  let lost: unknown;
  const waiting: Array<() => void> = [];
  let batch: OpenBatch | undefined;
  let isOccupied = false;

  function open(): OpenBatch {
    // Nobody is in a batch now. What a defect left open would refuse everybody from here on.
    if (database.isTransaction) database.exec('rollback');
    begin.run();
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    // Everybody in it hears of the failure, so nobody else needs to.
    ended.catch(() => {});
    const opened = { began: performance.now(), isOver: false, failure: undefined, ended, resolve, reject };
    setImmediate(() => {
      if (isOccupied) opened.isOver = true;
      else end(opened);
    });
    return opened;
  }

  function end({ failure = lost, resolve, reject }: OpenBatch): void {
    batch = undefined;
    try {
      if (failure !== undefined) throw failure;
      commit.run();
      syncIfChanged();
      durable.then(resolve, reject);
    } catch (error) {
      reject(error);
      if (database.isOpen && database.isTransaction) database.exec('rollback');
    } finally {
      letNextIn();
    }
  }

  function syncIfChanged(): void {
    const soFar = Number(changes.get()?.so_far);
    if (soFar === changesSeen) return;
    changesSeen = soFar;
    durable = log.flush();
    durable.catch((error) => {
      lost = error;
      onLost(error);
    });
  }

  function letNextIn(): void {
    const next = waiting.shift();
    isOccupied = next !== undefined;
    next?.();
  }

  /** Work that joins a failed batch would fail with it. */
  const isClosed = () =>
    batch !== undefined && (batch.failure !== undefined || performance.now() - batch.began > fullAfterMs);

  return {
    async enter() {
      if (isOccupied || isClosed()) await new Promise<void>((resolve) => waiting.push(resolve));
      isOccupied = true;
      try {
        if (lost !== undefined) throw lost;
        batch ??= open();
        return batch;
      } catch (error) {
        letNextIn();
        throw error;
      }
    },
    async leave({ ended }) {
      const current = batch;
      isOccupied = false;
      if (current?.isOver) end(current);
      else if (!isClosed()) letNextIn();
      await ended;
    },
    async settle() {
      do await new Promise((resolve) => setImmediate(resolve));
      while (batch !== undefined || waiting.length > 0);
      await durable.catch(() => {});
      log.close();
    },
  };
}
