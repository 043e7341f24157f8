import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { kyselyDatabase } from '../../../src/catalog/db/node-sqlite.ts';
import type { DatabaseKind } from '../../../src/catalog/db/schema.ts';
import { MIGRATIONS } from '../../../src/catalog/migrations/index.ts';

/** The last schema of version 0.2.0. */
export const OLD = '0018_workspace';

/**
 * What the code of version 0.2.0 wrote into a catalog of its own: files in every state, versions, holds, rules, shares that
 * were taken back, confirmations and exports that wait, a sweep, a backfill, and changes that no segment told yet. One
 * statement a line, line breaks within it written as \\n. The workspace is T1; `teamId` puts another one in its place.
 */
function rowsOf(teamId: string): string[] {
  const text = readFileSync(join(import.meta.dirname, 'old/0018.sql'), 'utf8');
  return text
    .replace(/\bT1\b/g, teamId)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll('\\n', '\n'));
}

/** Makes a catalog of that schema, with those rows: in a folder, or in an empty PostgreSQL database. */
export async function makeOldCatalog(
  at: { dataDir: string } | { databaseUrl: string },
  teamId = 'T1',
): Promise<void> {
  const kind: DatabaseKind = 'databaseUrl' in at ? 'postgres' : 'sqlite';
  const dialect =
    'databaseUrl' in at
      ? new PostgresDialect({ pool: new pg.Pool({ connectionString: at.databaseUrl, max: 1 }) })
      : new SqliteDialect({ database: kyselyDatabase(new DatabaseSync(join(at.dataDir, 'vault.db'))) });
  const db = new Kysely<unknown>({ dialect });
  try {
    const old = Object.entries(MIGRATIONS).filter(([name]) => name <= OLD);
    const migrations = Object.fromEntries(
      old.map(([name, up]) => [name, { up: (trx: Kysely<unknown>) => up(trx, kind) }]),
    );
    const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
    await sql`delete from journal`.execute(db);
    const lines = rowsOf(teamId);
    const told = lines.findIndex((line) => line.startsWith('insert into journal_dirty'));
    const insert = async (some: string[]) => {
      for (const line of some) {
        const own =
          kind === 'postgres' ? line.replace(') values (', ') overriding system value values (') : line;
        await sql.raw(own).execute(db);
      }
    };
    await insert(lines.slice(0, told));
    // What the triggers noted while the rows were put in.
    await sql`delete from journal_dirty`.execute(db);
    await insert(lines.slice(told));
    if (kind === 'postgres') await goOnAfterIds(db);
  } finally {
    await db.destroy();
  }
}

async function goOnAfterIds(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
    where table_schema = current_schema() and column_name = 'id' and is_identity = 'YES'`.execute(db);
  for (const { name } of rows)
    await sql`select setval(pg_get_serial_sequence(${name}, 'id'),
      greatest((select max(id) from ${sql.table(name)}), 1))`.execute(db);
}
