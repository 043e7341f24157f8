import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { freshPglite } from './pglite.ts';

/** A database that the catalog's tests run on. `fresh` gives an empty catalog; close it when done. */
export interface TestDatabase {
  name: string;
  fresh(): Promise<Catalog>;
}

/** An empty folder under the system's temporary one, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ria-vault-catalog-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function freshSqlite(): Promise<Catalog> {
  const folder = temporaryFolder();
  const catalog = await openCatalog({ dataDir: folder.path });
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      folder.remove();
    },
  };
}

/** A new, empty schema on the server that TEST_DATABASE_URL names. */
export async function freshSchema(url: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const schema = `vault_test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`create schema ${schema}`);
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${schema},public`);
  return { url: own.href, drop: () => run(`drop schema ${schema} cascade`) };
}

async function freshPostgres(server: string): Promise<Catalog> {
  const schema = await freshSchema(server);
  const catalog = await openCatalog({ databaseUrl: schema.url, dataDir: '' });
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      await schema.drop();
    },
  };
}

/** A real PostgreSQL server to test on as well, if there is one. */
export const postgresServer = process.env.TEST_DATABASE_URL;

/** The quick tests run on SQLite alone. */
const sqliteOnly = process.env.TEST_SQLITE_ONLY === '1';

export const databases: TestDatabase[] = [
  { name: 'SQLite', fresh: freshSqlite },
  ...(sqliteOnly ? [] : [{ name: 'PGlite', fresh: freshPglite }]),
  ...(postgresServer && !sqliteOnly
    ? [{ name: 'PostgreSQL', fresh: () => freshPostgres(postgresServer) }]
    : []),
];

/** Empties a catalog between the runs of a property. This is quicker than a new catalog. */
export async function empty({ db }: Catalog): Promise<void> {
  const tables = [
    'notice',
    'post',
    'share',
    'unshared',
    'channel_file',
    'listing',
    'tally',
    'breakdown',
    'audience_channel',
    'audience',
  ];
  for (const table of [
    ...tables,
    ...['gone', 'home', 'sweep', 'backfill', 'audit', 'channel', 'file'],
    ...['hold', 'object_hold', 'rule', 'export_job', 'file_version', 'file_change', 'workspace'],
  ]) {
    await sql`delete from ${sql.table(table)}`.execute(db);
  }
  await sql`delete from journal_dirty`.execute(db);
  await sql`update journal set history = ${randomUUID()}, number = 0, first = 1, segments = 0, walk = null,
    walk_after = '', rebuilding = 0, lease_owner = null, due_at = null, attempts = 0`.execute(db);
}
