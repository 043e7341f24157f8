import { closeSync, existsSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Makes sure that everything SQLite has committed is on disk. */
export interface LogSync {
  /** Resolves when everything that was committed before the call is on disk. Rejects once the disk has failed. */
  flush(): Promise<void>;
  close(): void;
}

const sync = promisify(fdatasync);

const logOf = (databasePath: string) => `${databasePath}-wal`;

/**
 * Syncs the log that a dead process left, if there is one. SQLite takes over everything that process had committed,
 * even what never reached the disk, and readers then believe that it is safe. Call it before the database is opened.
 */
export function syncLeftLog(databasePath: string): void {
  const path = logOf(databasePath);
  if (!existsSync(path)) return;
  const log = openSync(path, 'r+');
  try {
    fdatasyncSync(log);
  } finally {
    closeSync(log);
  }
}

/**
 * Syncs the write-ahead log of a database that runs with `synchronous = normal`. With `full`, SQLite does the same
 * after each commit, and the whole process waits for the disk: usually a millisecond, but a tenth of a second when
 * somebody else keeps the disk busy. Here only callers with new work wait. One sync at a time: all who come
 * during one share the next. After a failed sync there is no other: it would succeed, because systems forget what
 * they could not write. SQLite still syncs the log's beginning, and both files at each checkpoint.
 *
 * The log is there from the first commit on, and stays while the database is open. Source: sqlite.org/wal.html.
 */
export function createLogSync(databasePath: string): LogSync {
  let log: number | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function syncNow(): Promise<void> {
    log ??= openSync(logOf(databasePath), 'r+');
    await sync(log);
  }

  /** A failed sync is not forgotten: later callers wait for it, and get its error. */
  function start(): Promise<void> {
    running = syncNow().then(() => {
      running = undefined;
    });
    return running;
  }

  async function afterRunning(): Promise<void> {
    await running;
    next = undefined;
    await start();
  }

  return {
    flush() {
      if (running === undefined && next === undefined) return start();
      next ??= afterRunning();
      return next;
    },
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
