import { closeSync, existsSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Sees to it that what SQLite has committed is on disk. */
export interface LogSync {
  /** Resolves when everything that was committed before the call is on disk. Rejects once the disk has failed. */
  flush(): Promise<void>;
  close(): void;
}

const sync = promisify(fdatasync);

const logOf = (databasePath: string) => `${databasePath}-wal`;

/**
 * Syncs the log that a dead process has left, if there is one. SQLite takes over what that process had committed, also
 * what never reached the disk; whoever finds it there then takes it for safe. To be called before the database is opened.
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
 * after each commit, and the whole process waits for the disk: for a millisecond mostly, for a tenth of a second when
 * somebody else keeps it busy. Here only those wait whose work it is. One sync at a time: whoever comes while one is
 * under way shares the next. After one that failed there is no other: it would succeed, for systems forget what they
 * could not write. SQLite goes on syncing the log's beginning, and both files at each checkpoint.
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

  /** One that fails is not forgotten: who comes later waits for it, and hears of it. */
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
