import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { MIGRATIONS } from '../migrations/index.ts';
import { CatalogError } from './errors.ts';
import type { DatabaseKind, Schema, Scope } from './schema.ts';

/** Any number that nobody else uses: PostgreSQL's advisory lock for "the vault's schema is being changed". */
const MIGRATION_LOCK = 7_242_011_873;

/** The name of this version's schema: of its last migration. */
export const SCHEMA = Object.keys(MIGRATIONS).at(-1) as string;

/** The names of all migrations of this version. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** True for a schema of this version or of one before it. */
export function knowsSchema(name: string): boolean {
  return name in MIGRATIONS;
}

/** A change of the schema that is about to be made; `from` is null for an empty database. */
export interface SchemaStep {
  from: string | null;
  to: string;
}

/**
 * Brings the database up to this version's schema, and tells `onStep` before. Does nothing when it is there already;
 * on PostgreSQL, processes that start together wait for the first. Throws {@link CatalogError} `catalog_newer` when a
 * later version of the vault has already changed it, and `catalog_blocked` when others hold a lock that it needs; it may
 * then be called again.
 */
export async function migrate(
  db: Kysely<Schema>,
  kind: DatabaseKind,
  onStep: (step: SchemaStep) => void = () => {},
): Promise<void> {
  // Without a change, no lock is needed that others could hold.
  if (await isUpToDate({ db, kind })) return;
  const tell = (from: string | null) => {
    if (from === null || from in MIGRATIONS) onStep({ from, to: SCHEMA });
  };
  if (kind === 'sqlite') {
    tell(await schemaOf({ db, kind }));
    await db.connection().execute((connection) => wholly(connection, () => run(connection, kind)));
    return;
  }
  // One transaction, and no lock that outlives it: behind a pooler, nobody could give such a lock back.
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(trx);
    if (await isUpToDate({ db: trx, kind })) return;
    tell(await schemaOf({ db: trx, kind }));
    // A change of a large table takes as long as it takes.
    await sql`set local statement_timeout = 0`.execute(trx);
    await keepOthersOut(trx);
    await run(trx, kind);
  });
}

/**
 * Lets an older process that still runs finish what it is writing, and keeps the rest of its work out: see
 * schema-guard.ts. It can still read.
 */
async function keepOthersOut(trx: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(relname) as name from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname in ('file', 'share')
    order by relname`.execute(trx);
  for (const { name } of rows) await sql`lock table ${sql.raw(name)} in exclusive mode`.execute(trx);
}

async function run(db: Kysely<Schema>, kind: DatabaseKind): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(kind) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw asCatalogError(error);
}

/**
 * All migrations or none, wherever the process dies: a catalog with half a migration in it could never be opened again.
 */
async function wholly(db: Kysely<Schema>, run: () => Promise<void>): Promise<void> {
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
export async function isUpToDate(scope: Scope): Promise<boolean> {
  const names = Object.keys(MIGRATIONS);
  const found = await migrationsOf(scope);
  return found.length === names.length && found.every((name) => names.includes(name));
}

/** The name of the schema that the database has; null for an empty database. */
export async function schemaOf(scope: Scope): Promise<string | null> {
  return (await migrationsOf(scope)).at(-1) ?? null;
}

/** Asks first whether there is a list of migrations: a question that fails would end the transaction around it. */
async function migrationsOf({ db, kind }: Scope): Promise<string[]> {
  const list = sql.lit('kysely_migration');
  const { rows: lists } = await (kind === 'postgres'
    ? sql`select 1 where to_regclass(${list}) is not null`
    : sql`select 1 from sqlite_master where name = ${list}`
  ).execute(db);
  if (lists.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
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
