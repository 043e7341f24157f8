import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another sandbox has the folder: only one at a time may use it. */
export class LockedError extends Error {
  readonly code = 'sandbox_running';
  constructor(dir: string) {
    super(`A sandbox is running on ${dir}: stop it first (Ctrl+C where it runs).`);
  }
}

/**
 * Takes the folder for this process. The lock is SQLite's own lock on a file, so the system takes it back when the
 * process ends in any way; no stale lock can be left behind. Throws `LockedError`.
 */
export function lockFolder(dir: string): { release(): void } {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(dir, 'sandbox.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    // 5 is SQLITE_BUSY.
    if ((error as { errcode?: number }).errcode === 5) throw new LockedError(dir);
    throw error;
  }
  return { release: () => lock.close() };
}
