import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepPrivate } from '../catalog/db/private-files.ts';
import { makeFolder } from '../make-folder.ts';
import { BackupError } from './errors.ts';

/** `2026-11-29T10-21-05Z`: a moment as a part of a file's name, on every system. */
export function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

/** Where a backup goes that was given no name: beside the catalog, on the same disk. */
export function defaultFile(dataDir: string, ending: 'db' | 'dump', now: number): string {
  return join(dataDir, 'backups', `vault-${stamp(now)}.${ending}`);
}

/**
 * Lets `write` fill a new file that only its owner can read, and gives it its name once it is whole and on the disk.
 * A file that is there is never overwritten; what is half done is removed. Throws {@link BackupError}.
 */
export async function writeNew(file: string, write: (part: string) => Promise<void>): Promise<void> {
  if (existsSync(file)) throw exists(file);
  const part = `${file}.part`;
  try {
    makeFolder(dirname(file));
    rmSync(part, { force: true });
    keepPrivate(part);
    await write(part);
    toDisk(part);
    nameIt(part, file);
    toDisk(dirname(file));
  } catch (error) {
    throw isOfFiles(error) ? unwritable(file, error) : error;
  } finally {
    for (const left of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`])
      if (existsSync(left)) rmSync(left);
  }
}

/** Unlike a rename, a link fails if somebody else made the file meanwhile. Some mounted folders know no links. */
function nameIt(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || existsSync(file)) throw exists(file);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    renameSync(part, file);
  }
}

/** Waits until a file, or what a folder says of its files, is on the disk. */
export function toDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether it is the file system that refused; SQLite's and our own errors have another form. */
function isOfFiles(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** The sentence for a place that takes no backup; `error` is the file system's or SQLite's. */
export function unwritable(file: string, error: Error & { code?: string; errstr?: string }): BackupError {
  return new BackupError(
    'backup_failed',
    `The backup cannot be written to ${file} (${error.errstr ?? error.code}): make room there, let this user write, or give another name.`,
    { cause: error },
  );
}

function exists(file: string): BackupError {
  return new BackupError(
    'backup_exists',
    `${file} is there already, and a backup never overwrites a file: give another name.`,
  );
}
