import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Sees to it that what SQLite has committed is on disk. */
export interface LogSync {
  /** Resolves when everything that was committed before the call is on disk. Rejects when the disk fails. */
  flush(): Promise<void>;
  close(): void;
}

const sync = promisify(fdatasync);

/**
 * Syncs the write-ahead log of a database that runs with `synchronous = normal`. With `full`, SQLite does the same
 * after each commit, and the whole process waits for the disk: for a millisecond mostly, for a tenth of a second when
 * somebody else keeps it busy. Here only those wait whose work it is. One sync at a time: whoever comes while one is
 * under way shares the next. SQLite goes on syncing the log's beginning, and both files at each checkpoint.
 *
 * The log is there from the first commit on, and stays while the database is open. Source: sqlite.org/wal.html.
 */
export function createLogSync(databasePath: string): LogSync {
  let log: number | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    log ??= openSync(`${databasePath}-wal`, 'r+');
    running = sync(log).finally(() => {
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
      if (running === undefined) return start();
      next ??= afterRunning();
      return next;
    },
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
