import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { MIGRATIONS } from '../migrations/index.ts';
import { CatalogError } from './errors.ts';
import type { DatabaseKind, Schema } from './schema.ts';

/** Any number that nobody else uses: PostgreSQL's advisory lock for "the vault's schema is being changed". */
const MIGRATION_LOCK = 7_242_011_873;

/**
 * Brings the database up to this version's schema. Does nothing when it is there already; on PostgreSQL, processes
 * that start together wait for the first. Throws {@link CatalogError} `catalog_newer` when a later version of the
 * vault has already changed it, and `catalog_blocked` when others hold a lock that it needs; it may then be called
 * again.
 */
export async function migrate(db: Kysely<Schema>, kind: DatabaseKind): Promise<void> {
  // Without a change, no lock is needed that others could hold.
  if (kind === 'postgres' && (await isUpToDate(db))) return;
  await db.connection().execute(async (connection) => {
    // Kysely takes its own lock only after creating its tables, and two processes can collide in that.
    if (kind === 'postgres')
      await sql`select pg_advisory_lock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
    const limit = kind === 'postgres' ? await endNoStatement(connection) : undefined;
    try {
      await wholly(connection, kind, async () => {
        const migrator = new Migrator({
          db: connection,
          provider: { getMigrations: async () => migrations(kind) },
        });
        const { error } = await migrator.migrateToLatest();
        if (error) throw asCatalogError(error);
      });
    } finally {
      if (kind === 'postgres') {
        await sql`select set_config('statement_timeout', ${limit}, false)`.execute(connection);
        await sql`select pg_advisory_unlock(${sql.lit(MIGRATION_LOCK)})`.execute(connection);
      }
    }
  });
}

/** A change of a large table takes as long as it takes. Returns the statement limit from before. */
async function endNoStatement(connection: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ value: string }>`select current_setting('statement_timeout') as value`.execute(
    connection,
  );
  await sql`select set_config('statement_timeout', '0', false)`.execute(connection);
  return rows[0]?.value ?? '0';
}

/**
 * All migrations or none, wherever the process dies. On PostgreSQL Kysely ensures that; on SQLite it does not, and a
 * catalog with half a migration in it could never be opened again.
 */
async function wholly(db: Kysely<Schema>, kind: DatabaseKind, run: () => Promise<void>): Promise<void> {
  if (kind === 'postgres') return run();
  await sql`savepoint migrations`.execute(db);
  try {
    await run();
  } catch (error) {
    await sql`rollback to migrations`.execute(db);
    throw error;
  } finally {
    await sql`release migrations`.execute(db);
  }
}

/** True when the database has exactly this version's schema. Changes nothing. */
export async function isUpToDate(db: Kysely<Schema>): Promise<boolean> {
  const names = Object.keys(MIGRATIONS);
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`
    .execute(db)
    .catch((error: unknown) => {
      // A table that is locked is not a table that is missing.
      if (error instanceof CatalogError) throw error;
      return { rows: [] };
    });
  return rows.length === names.length && rows.every(({ name }) => names.includes(name));
}

function asCatalogError(error: unknown): unknown {
  if (error instanceof Error && error.message.includes('corrupted migrations')) {
    return new CatalogError(
      'catalog_newer',
      'The catalog was made by a newer version of RIA Vault. Start that version, or point DATABASE_URL or VAULT_DATA_DIR at another catalog.',
      { cause: error },
    );
  }
  return error;
}

function migrations(kind: DatabaseKind): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, up]) => [name, { up: (db) => up(db, kind) }]),
  );
}
