import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockDirectory } from '../catalog/db/directory-lock.ts';
import { CatalogError } from '../catalog/db/errors.ts';
import { type Catalog, openCatalog } from '../catalog/db/open.ts';
import { describeSqliteError } from '../catalog/db/open-errors.ts';
import { keepPrivate } from '../catalog/db/private-files.ts';
import { makeFolder } from '../make-folder.ts';
import { BackupError } from './errors.ts';
import { stamp, toDisk } from './file.ts';

/** A catalog that is being made ready, and how to put it in the place of the one in use. */
export interface PutBack {
  catalog: Catalog;
  /** Closes it and puts it in its place. Returns where the former one is now; null if there was none. */
  finish(): Promise<string | null>;
  /** Removes what was begun, as far as it can be. Returns what the catalog in use is then, for the person who restores. */
  giveUp(): Promise<string>;
}

const FILES = ['vault.db', 'vault.db-wal', 'vault.db-shm'];

/**
 * Opens a copy of a SQLite backup in a folder of its own, brought up to this version's schema. The catalog in use is not
 * touched before `finish`. Throws `CatalogError` and {@link BackupError}.
 */
export async function putBackSqlite(o: {
  dataDir: string;
  file: string;
  replace: boolean;
  now: number;
}): Promise<PutBack> {
  const { dataDir, file } = o;
  refuseOther(file);
  const lock = take(dataDir);
  const staging = join(dataDir, 'restoring');
  const giveUp = async () => {
    rmSync(staging, { recursive: true, force: true });
    lock.close();
  };
  try {
    if (!o.replace) refuseFull(dataDir);
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    const copy = join(staging, 'vault.db');
    keepPrivate(copy);
    copyFileSync(file, copy);
    prove(copy, file);
    const catalog = await openCatalog({ dataDir: staging, unhurried: true });
    return {
      catalog,
      async finish() {
        await catalog.close();
        const kept = moveAway(dataDir, o.now);
        renameSync(copy, join(dataDir, 'vault.db'));
        toDisk(dataDir);
        await giveUp();
        return kept;
      },
      async giveUp() {
        await catalog.close();
        await giveUp();
        return 'The catalog in use is as it was.';
      },
    };
  } catch (error) {
    await giveUp();
    throw error instanceof BackupError || error instanceof CatalogError
      ? newerIsSaid(error)
      : describeSqliteError(error, dataDir);
  }
}

function take(dataDir: string): DatabaseSync {
  try {
    makeFolder(dataDir);
    return lockDirectory(dataDir);
  } catch (error) {
    const described = describeSqliteError(error, dataDir);
    if (described.code !== 'catalog_locked') throw described;
    throw new BackupError(
      'backup_bot_runs',
      `The bot runs with VAULT_DATA_DIR=${dataDir}: stop it, restore, and start it again.`,
      { cause: error },
    );
  }
}

/** The first bytes of each form (sqlite.org/fileformat.html, "Magic Header String"; pg_dump's custom format). */
const SQLITE_MAGIC = 'SQLite format 3\0';
export const PG_MAGIC = 'PGDMP';

/** The first bytes of a file, as text. Throws {@link BackupError} when it cannot be read. */
export function beginningOf(file: string): string {
  const bytes = Buffer.alloc(SQLITE_MAGIC.length);
  try {
    const handle = openSync(file, 'r');
    try {
      readSync(handle, bytes, 0, bytes.length, 0);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new BackupError(
      'backup_unreadable',
      `${file} cannot be read (${code}): name a file that npm run backup made.`,
    );
  }
  return bytes.toString('latin1');
}

function refuseOther(file: string): void {
  const beginning = beginningOf(file);
  if (beginning === SQLITE_MAGIC) return;
  if (beginning.startsWith(PG_MAGIC))
    throw new BackupError(
      'backup_other_database',
      `${file} is a backup of PostgreSQL, and this catalog is SQLite: set DATABASE_URL. (From one to the other, the bucket alone brings a catalog back: npm run rebuild.)`,
    );
  throw unreadable(file, 'it is no database');
}

function unreadable(file: string, why: string): BackupError {
  return new BackupError('backup_unreadable', `${file} is not a whole backup of the catalog: ${why}.`);
}

function prove(copy: string, file: string): void {
  const database = new DatabaseSync(copy);
  try {
    // A copy made by hand may have been in the middle of a log that was not copied with it.
    database.exec('pragma journal_mode = delete');
    const [first] = database.prepare('pragma integrity_check(1)').all();
    if (first?.integrity_check !== 'ok') throw unreadable(file, String(first?.integrity_check));
    const tables = database
      .prepare(
        `select count(*) as n from sqlite_master where name in ('kysely_migration', 'file', 'journal')`,
      )
      .get();
    if (tables?.n !== 3) throw unreadable(file, 'it has not the tables of one');
  } catch (error) {
    throw error instanceof BackupError ? error : unreadable(file, (error as Error).message);
  } finally {
    database.close();
  }
}

function refuseFull(dataDir: string): void {
  const path = join(dataDir, 'vault.db');
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const has = (table: string) =>
      database.prepare('select 1 from sqlite_master where name = ?').get(table) !== undefined &&
      database.prepare(`select 1 from ${table} limit 1`).get() !== undefined;
    if (!has('file') && !has('audit')) return;
  } finally {
    database.close();
  }
  throw new BackupError(
    'backup_not_empty',
    `The catalog in VAULT_DATA_DIR=${dataDir} is not empty. To put the backup in its place, add --replace: the catalog of now is kept beside it.`,
  );
}

/** Moves the catalog in use out of the way, with the log beside it. */
function moveAway(dataDir: string, now: number): string | null {
  const aside = join(dataDir, `before-restore-${stamp(now)}`);
  let isAny = false;
  for (const name of FILES) {
    const path = join(dataDir, name);
    if (!existsSync(path)) continue;
    if (!isAny) mkdirSync(aside, { mode: 0o700 });
    isAny = true;
    renameSync(path, join(aside, name));
  }
  return isAny ? aside : null;
}

function newerIsSaid(error: BackupError | CatalogError): Error {
  if (error.code !== 'catalog_newer') return error;
  return new BackupError(
    'backup_newer',
    'The backup was made by a newer version of RIA Vault: restore it with that version or a later one.',
    { cause: error },
  );
}
