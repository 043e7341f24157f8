import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { CatalogError } from '../catalog/db/errors.ts';
import { describeSqliteError } from '../catalog/db/open-errors.ts';
import { BackupError } from './errors.ts';
import { unwritable, writeNew } from './file.ts';

/** Copied at a time, some 16 MB; in between, the progress is told. */
const PAGES = 4_096;

/**
 * Copies the SQLite catalog to a new file while a bot works with it. A transaction that only reads is held meanwhile, so
 * the copy is the catalog of one moment: without it, SQLite would begin anew whenever the bot writes
 * (sqlite.org/c3ref/backup_finish.html, "Concurrent Usage of Database Handles"). The copy is read through and compared with
 * its own indexes before it gets its name. Throws `CatalogError` and {@link BackupError}.
 */
export async function backupSqlite(
  dataDir: string,
  file: string,
  onProgress: (line: string) => void,
): Promise<void> {
  const path = join(dataDir, 'vault.db');
  if (!existsSync(path))
    throw new CatalogError(
      'catalog_failed',
      `There is no catalog in VAULT_DATA_DIR=${dataDir}. Point it at the bot's data directory, or set DATABASE_URL.`,
    );
  await writeNew(file, async (part) => {
    const source = openAtOneMoment(path, dataDir);
    try {
      let told = 0;
      await backup(source, part, {
        rate: PAGES,
        progress({ totalPages, remainingPages }) {
          const percent = Math.floor((100 * (totalPages - remainingPages)) / totalPages);
          if (percent < told + 10) return;
          told = percent;
          onProgress(`copied ${percent} %`);
        },
      });
      prove(part);
    } catch (error) {
      throw isOfTheCopy(error) ? unwritable(file, error) : describeUnlessKnown(error, dataDir);
    } finally {
      source.close();
    }
  });
}

/** The catalog as it is now, for as long as it is open. Throws `CatalogError`. */
function openAtOneMoment(path: string, dataDir: string): DatabaseSync {
  let source: DatabaseSync | undefined;
  try {
    source = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    source.exec('begin');
    source.prepare('select count(*) from sqlite_master').get();
    return source;
  } catch (error) {
    source?.close();
    throw describeSqliteError(error, dataDir);
  }
}

/** SQLite's codes for a disk that is full or fails, sqlite.org/rescode.html: only the copy is written. */
const [IOERR, FULL] = [10, 13];

function isOfTheCopy(error: unknown): error is Error {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [IOERR, FULL].includes(errcode & 0xff);
}

function describeUnlessKnown(error: unknown, dataDir: string): unknown {
  const isOfSqlite = error instanceof Error && 'errcode' in error;
  return isOfSqlite ? describeSqliteError(error, dataDir) : error;
}

/** One file without a log beside it, and every page of it as it should be. */
function prove(part: string): void {
  const copy = new DatabaseSync(part);
  try {
    copy.exec('pragma journal_mode = delete');
    const [first] = copy.prepare('pragma integrity_check(1)').all();
    if (first?.integrity_check !== 'ok')
      throw new BackupError(
        'backup_failed',
        `The copy is not whole (${first?.integrity_check}), so the catalog itself may be damaged: look at its disk, and run npm run drill.`,
      );
  } finally {
    copy.close();
  }
}
