import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { type Catalog, openCatalog } from '../../src/catalog/db/open.ts';
import { NO_HISTORY } from '../helpers/shared-sqlite.ts';

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

/** A new SQLite catalog in this folder, which is made if it is not there. Its tables are copied, which is quicker than all migrations. */
export async function openNewCatalog(dataDir: string): Promise<Catalog> {
  const template = inject('sqliteTemplate');
  if (template !== undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(join(dataDir, 'vault.db'), newCatalog(template));
  }
  return openCatalog({ dataDir });
}

let templateBytes: Buffer | undefined;

/** The template with a history of its own. Changing the bytes takes a tenth of what opening the file to change the row takes. */
function newCatalog(template: string): Buffer {
  templateBytes ??= readFileSync(template);
  const bytes = Buffer.from(templateBytes);
  bytes.write(randomUUID(), bytes.indexOf(NO_HISTORY));
  return bytes;
}

async function freshSqlite(): Promise<Catalog> {
  const folder = temporaryFolder();
  const catalog = await openNewCatalog(folder.path);
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      folder.remove();
    },
  };
}

/** A new database on the tests' PostgreSQL, without any table or with all of them, and how to remove it. */
export async function newDatabase(
  tables: 'none' | 'all',
): Promise<{ url: string; drop: () => Promise<void> }> {
  if (postgresTemplate === undefined) throw new Error('PostgreSQL is not installed');
  const server = new URL('/postgres', postgresTemplate).href;
  const name = `vault_test_${randomUUID().replaceAll('-', '')}`;
  const template = tables === 'all' ? new URL(postgresTemplate).pathname.slice(1) : 'template1';
  await query(server, `create database ${name} template ${template}`);
  const url = new URL(`/${name}`, postgresTemplate).href;
  return { url, drop: () => query(server, `drop database ${name} with (force)`) };
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function freshPostgres(): Promise<Catalog> {
  const database = await newDatabase('all');
  // Each catalog's journal has a history of its own.
  await query(database.url, `update journal set history = '${randomUUID()}'`);
  const catalog = await openCatalog({ databaseUrl: database.url, dataDir: '' });
  return {
    ...catalog,
    close: async () => {
      await catalog.close();
      await database.drop();
    },
  };
}

/** The quick tests, and machines without PostgreSQL, run on SQLite alone. */
const postgresTemplate = inject('postgresTemplate');
export const hasPostgres = postgresTemplate !== undefined;

export const databases: TestDatabase[] = [
  { name: 'SQLite', fresh: freshSqlite },
  ...(hasPostgres ? [{ name: 'PostgreSQL', fresh: freshPostgres }] : []),
];

/** In this order, as some rows refer to others. */
const TABLES = [
  'reading_start',
  ...['explained', 'notice', 'post', 'share', 'unshared', 'channel_file', 'listing', 'tally', 'breakdown'],
  ...[
    'audience_channel',
    'audience',
    'gone',
    'home',
    'sweep',
    'backfill',
    'channel_join',
    'audit',
    'channel',
    'file',
  ],
  ...[
    'hold',
    'object_hold',
    'rule',
    'export_job',
    'file_version',
    'file_change',
    'seen_request',
    'workspace',
  ],
  'journal_dirty',
  'audit_line',
  'audit_feed',
  'scan',
  'said',
  // Its rows go to `content_gone` when they are deleted.
  ...['content_document', 'content_gone', 'content_part', 'content_segment'],
];

/** Empties a catalog between the runs of a property. This is quicker than a new catalog. */
export async function empty({ db, kind }: Catalog): Promise<void> {
  const deletes = TABLES.map((table) => `delete from ${table}`);
  // One question for all of them, as each is a way to the server and back; SQLite takes one statement at a time.
  const statements = kind === 'postgres' ? [deletes.join(';')] : deletes;
  for (const statement of statements) await sql.raw(statement).execute(db);
  await sql`update journal set history = ${randomUUID()}, number = 0, first = 1, segments = 0, walk = null,
    walk_after = '', last_written = null, rebuilding = 0, lease_owner = null, due_at = null, attempts = 0`.execute(
    db,
  );
}
