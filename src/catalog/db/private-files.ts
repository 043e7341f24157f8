import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

/** Only for the owner. */
const PRIVATE = 0o600;
const OTHERS = 0o077;

/**
 * Makes a database file that only its owner can read, or removes the others' rights, in any folder. SQLite gives the
 * files beside it the same rights.
 */
export function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE));
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    const about = statSync(file, { throwIfNoEntry: false });
    if (about === undefined || (about.mode & OTHERS) === 0) continue;
    try {
      chmodSync(file, about.mode & 0o700);
    } catch (error) {
      // Some mounted folders have fixed rights; their owner is responsible for those.
      if (!['EPERM', 'ENOTSUP', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
