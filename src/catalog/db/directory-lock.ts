import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeSqliteError } from './open-errors.ts';
import { keepPrivate } from './private-files.ts';

/**
 * Takes a SQLite catalog's folder for this process: it keeps a transaction open on a tiny separate database. The kernel
 * frees such a lock when the process ends, even by `kill -9`; a file with a process id would stay. Throws SQLite's error
 * when another process has it.
 */
export function lockDirectory(dataDir: string): DatabaseSync {
  const path = join(dataDir, 'vault.lock');
  keepPrivate(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** True while a bot, or a command line that writes, has the SQLite catalog in this folder. Throws `CatalogError`. */
export function isDirectoryTaken(dataDir: string): boolean {
  if (!existsSync(join(dataDir, 'vault.lock'))) return false;
  try {
    lockDirectory(dataDir).close();
    return false;
  } catch (error) {
    const described = describeSqliteError(error, dataDir);
    if (described.code === 'catalog_locked') return true;
    throw described;
  }
}
