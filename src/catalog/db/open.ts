import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CamelCasePlugin, type Dialect, Kysely, SqliteDialect, sql } from 'kysely';
import { makeFolder } from '../../make-folder.ts';
import { releaseEverything } from '../queue/due.ts';
import { isTransient } from './dialect.ts';
import { lockDirectory } from './directory-lock.ts';
import { CatalogError } from './errors.ts';
import { syncLeftLog } from './log-sync.ts';
import { isUpToDate, migrate, SCHEMA, type SchemaStep } from './migrate.ts';
import { kyselyDatabase } from './node-sqlite.ts';
import { BUSY_MS, describeSqliteError } from './open-errors.ts';
import { postgresPool } from './postgres.ts';
import { keepPrivate } from './private-files.ts';
import { watchPlace } from './same-place.ts';
import type { Catalog, DatabaseKind, Schema } from './schema.ts';
import { createSchemaGuard } from './schema-guard.ts';
import { sharedCommitDialect } from './shared-commit.ts';

export type { Catalog } from './schema.ts';

export interface OpenOptions {
  databaseUrl?: string;
  dataDir: string;
  /**
   * Called each time after a wait for something that others hold; the error names them. Without it, opening fails
   * then.
   */
  onBlocked?(error: CatalogError): void;
  /** Called before an existing catalog's tables are changed, or a new one's are made. It may take a while. */
  onStep?(step: SchemaStep): void;
  /** For work that may take hours, like a rebuild: PostgreSQL never ends a statement because it is long. */
  unhurried?: boolean;
  /** How much of SQLite's database is kept in memory, in MiB (64). */
  cacheMib?: number;
}

/**
 * Opens the catalog and brings its schema up to date: PostgreSQL when there is a `databaseUrl`, else SQLite in
 * `dataDir`, which is made if it is missing.
 *
 * SQLite belongs to one process at a time: a second one fails with `catalog_locked` until the first has ended, in
 * whatever way. So every lease found at opening belongs to a dead process, and is handed back at once.
 *
 * Throws {@link CatalogError}.
 */
export async function openCatalog(o: OpenOptions): Promise<Catalog> {
  return o.databaseUrl ? openPostgres(o.databaseUrl, o) : openSqlite(o);
}

/**
 * Opens the catalog only to read it: beside a running bot, without its lock, and without changing its schema.
 * Throws {@link CatalogError}; `catalog_failed` when there is no catalog yet, or one of another version.
 */
export async function openCatalogToRead(o: {
  databaseUrl?: string;
  dataDir: string;
  /** Also for a note in a row that no bot works on. */
  notes?: boolean;
  /** Of whatever version it is: for who copies it as a whole. */
  anyVersion?: boolean;
}): Promise<Catalog> {
  const catalog = o.databaseUrl ? postgresCatalog(o.databaseUrl) : sqliteCatalogToRead(o);
  try {
    await catalog.ping();
    if (!o.anyVersion && !(await isUpToDate(catalog)))
      throw new CatalogError(
        'catalog_failed',
        'The catalog is of another version of RIA Vault. Start the bot of this version once, which brings it up to date.',
      );
    return catalog;
  } catch (error) {
    await catalog.close().catch(() => {});
    throw error;
  }
}

function sqliteCatalogToRead({ dataDir, notes = false }: { dataDir: string; notes?: boolean }): Catalog {
  const path = join(dataDir, 'vault.db');
  if (!existsSync(path))
    throw new CatalogError(
      'catalog_failed',
      `There is no catalog in VAULT_DATA_DIR=${dataDir}. Point it at the bot's data directory, or set DATABASE_URL.`,
    );
  const describe = (error: unknown) => describeSqliteError(error, dataDir);
  try {
    const database = new DatabaseSync(path, { readOnly: !notes, timeout: BUSY_MS });
    return catalogOver('sqlite', new SqliteDialect({ database: kyselyDatabase(database) }), describe);
  } catch (error) {
    throw describe(error);
  }
}

/** Opens a catalog over any Kysely dialect, for tests that bring their own PostgreSQL. */
export async function openCatalogOver(
  kind: DatabaseKind,
  dialect: Dialect,
  describe: (error: unknown) => unknown = (error) => error,
  afterClose: () => void = () => {},
  { onBlocked, onStep }: Pick<OpenOptions, 'onBlocked' | 'onStep'> = {},
): Promise<Catalog> {
  const catalog = catalogOver(kind, dialect, describe, afterClose);
  try {
    await migrateWhenFree(catalog, { onBlocked, onStep });
    if (kind === 'sqlite') await releaseEverything(catalog);
  } catch (error) {
    await catalog.close().catch(() => {});
    throw describe(error);
  }
  return catalog;
}

function catalogOver(
  kind: DatabaseKind,
  dialect: Dialect,
  describe: (error: unknown) => unknown,
  afterClose: () => void = () => {},
): Catalog {
  const db = new Kysely<Schema>({ dialect, plugins: [new CamelCasePlugin()] });
  const close = async () => {
    await db.destroy();
    afterClose();
  };
  const ping = async () => {
    await sql`select 1`.execute(db).catch((error: unknown) => {
      throw describe(error);
    });
  };
  return { db, kind, ping, close };
}

async function openSqlite({ dataDir, onStep, cacheMib = 64 }: OpenOptions): Promise<Catalog> {
  const describe = (error: unknown) => describeSqliteError(error, dataDir);
  let lock: DatabaseSync | undefined;
  let database: DatabaseSync | undefined;
  try {
    makeFolder(dataDir);
    lock = lockDirectory(dataDir);
    const path = join(dataDir, 'vault.db');
    keepPrivate(path);
    syncLeftLog(path);
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma cache_size = -${cacheMib * 1_024};
      pragma temp_store = memory;
      -- What is deleted is overwritten, but not the pages that get free (see files/wipe.ts).
      pragma secure_delete = fast;
      pragma foreign_keys = on;
    `);
  } catch (error) {
    database?.close();
    lock?.close();
    throw describe(error);
  }
  const held = lock;
  const dialect = sharedCommitDialect(database);
  const catalog = await openCatalogOver('sqlite', dialect, describe, () => held.close(), { onStep });
  const isInPlace = watchPlace(dataDir);
  const ping = async () => {
    await isInPlace();
    await catalog.ping();
  };
  return { ...catalog, ping };
}

async function openPostgres(databaseUrl: string, o: OpenOptions): Promise<Catalog> {
  const guard = createSchemaGuard();
  const { dialect, describe } = postgresPool(databaseUrl, { unhurried: o.unhurried, guard });
  const catalog = await openCatalogOver('postgres', dialect, describe, () => {}, o);
  guard.arm(SCHEMA);
  return catalog;
}

/** Another process may be changing the schema, and anybody who can connect can take the lock for that. */
async function migrateWhenFree(
  catalog: Catalog,
  { onBlocked, onStep }: Pick<OpenOptions, 'onBlocked' | 'onStep'>,
): Promise<void> {
  for (;;) {
    try {
      return await migrate(catalog.db, catalog.kind, onStep);
    } catch (error) {
      // PostgreSQL ended one of two that waited for each other.
      if (isTransient(catalog.kind, error)) continue;
      if (!onBlocked || !(error instanceof CatalogError) || error.code !== 'catalog_blocked') throw error;
      onBlocked(error);
    }
  }
}

function postgresCatalog(databaseUrl: string): Catalog {
  // Reading everything takes as long as it takes.
  const { dialect, describe } = postgresPool(databaseUrl, { unhurried: true });
  return catalogOver('postgres', dialect, describe);
}
