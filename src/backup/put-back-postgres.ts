import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { botSchemas } from '../catalog/alerts/bots.ts';
import { MIGRATION_NAMES } from '../catalog/db/migrate.ts';
import { openCatalog, openCatalogToRead } from '../catalog/db/open.ts';
import type { Catalog } from '../catalog/db/schema.ts';
import { TEXT_INDEXES } from '../catalog/search/text-index.ts';
import { BackupError } from './errors.ts';
import { stamp } from './file.ts';
import { forLibpq, pgProgram, runPg } from './pg-programs.ts';
import { backupPostgres, serverMajor } from './postgres.ts';
import { beginningOf, PG_MAGIC, type PutBack } from './put-back-sqlite.ts';

/**
 * Puts a backup into the PostgreSQL database. What is there now is dumped to a file beside the backup first, when it is not
 * empty; then its tables are dropped and those of the backup made, in one transaction. Throws `CatalogError` and
 * {@link BackupError}.
 */
export async function putBackPostgres(o: {
  databaseUrl: string;
  file: string;
  replace: boolean;
  now: number;
}): Promise<PutBack> {
  const { databaseUrl, file } = o;
  refuseOther(file);
  const { address, env } = forLibpq(databaseUrl);
  const now = await openCatalogToRead({ databaseUrl, dataDir: '', anyVersion: true });
  let kept: string | null = null;
  let restore: string;
  try {
    const byHand = `pg_restore --no-owner --no-privileges --single-transaction --dbname="$DATABASE_URL" ${file}`;
    restore = await pgProgram('pg_restore', await serverMajor(now), byHand);
    await refuseNewer(restore, file);
    if (await hasTable(now, 'bot')) await refuseWhileBotsRun(now);
    if (await hasRows(now)) {
      if (!o.replace)
        throw new BackupError(
          'backup_not_empty',
          'The catalog in DATABASE_URL is not empty. To put the backup in its place, add --replace: the catalog of now is kept in a file beside the backup.',
        );
      kept = join(dirname(file), `before-restore-${stamp(o.now)}.dump`);
      await backupPostgres(now, databaseUrl, kept);
    }
    await dropAll(now);
    await load({ restore, file, address, env, catalog: now }).catch((error: unknown) => {
      const back =
        kept === null ? '' : ` The catalog as it was is in ${kept}: npm run restore -- ${kept} puts it back.`;
      throw new BackupError('backup_failed', `${(error as Error).message}${back}`, { cause: error });
    });
  } finally {
    await now.close();
  }
  const catalog = await openCatalog({ databaseUrl, dataDir: '', unhurried: true });
  return {
    catalog,
    async finish() {
      await catalog.close();
      return kept;
    },
    async giveUp() {
      await catalog.close();
      const before = kept === null ? '' : ` The catalog as it was is in ${kept}.`;
      return `The database holds the backup, without what happened since: start no bot, mend this, and run the same command with --replace.${before}`;
    },
  };
}

function refuseOther(file: string): void {
  const beginning = beginningOf(file);
  if (beginning.startsWith(PG_MAGIC)) return;
  if (beginning.startsWith('SQLite format 3'))
    throw new BackupError(
      'backup_other_database',
      `${file} is a backup of SQLite, and DATABASE_URL names PostgreSQL: unset it, and set VAULT_DATA_DIR. (From one to the other, the bucket alone brings a catalog back: npm run rebuild.)`,
    );
  throw new BackupError('backup_unreadable', `${file} is not a backup that npm run backup made.`);
}

/** Reads the list of migrations out of the file. */
async function refuseNewer(restore: string, file: string): Promise<void> {
  const text = await runPg(restore, ['--data-only', '--table=kysely_migration', '--file=-', file]).catch(
    (error: unknown) => {
      throw new BackupError(
        'backup_unreadable',
        `${file} is not a whole backup: ${(error as Error).message}`,
      );
    },
  );
  const names = [...text.matchAll(/^(\d{4}_\w+)\t/gm)].map(([, name]) => name as string);
  if (names.length === 0)
    throw new BackupError('backup_unreadable', `${file} is not a backup of the vault's catalog.`);
  if (names.some((name) => !MIGRATION_NAMES.includes(name)))
    throw new BackupError(
      'backup_newer',
      'The backup was made by a newer version of RIA Vault: restore it with that version or a later one.',
    );
}

async function hasTable({ db }: Catalog, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 where to_regclass(${sql.lit(name)}) is not null`.execute(db);
  return rows.length > 0;
}

async function refuseWhileBotsRun(catalog: Catalog): Promise<void> {
  if ((await botSchemas(catalog)).length === 0) return;
  throw new BackupError(
    'backup_bot_runs',
    'Bots work with this database (one was there within ten seconds): stop them all, restore, and start them again.',
  );
}

async function hasRows(catalog: Catalog): Promise<boolean> {
  for (const table of ['file', 'audit']) {
    if (!(await hasTable(catalog, table))) continue;
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(catalog.db);
    if (rows.length > 0) return true;
  }
  return false;
}

/** Drops the tables and functions of the schema that are not an extension's. The vault has a database of its own. */
async function dropAll({ db }: Catalog): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const isOwn = (catalog: string, object: string) => sql`not exists (select 1 from pg_depend d
      where d.classid = ${sql.lit(catalog)}::regclass and d.objid = ${sql.ref(object)} and d.deptype = 'e')`;
    const { rows } = await sql<{ statement: string }>`
      select 'drop table ' || c.oid::regclass || ' cascade' as statement from pg_class c
        where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and ${isOwn('pg_class', 'c.oid')}
      union all
      select 'drop function ' || p.oid::regprocedure || ' cascade' from pg_proc p
        where p.pronamespace = current_schema()::regnamespace and ${isOwn('pg_proc', 'p.oid')}`.execute(trx);
    for (const { statement } of rows) await sql.raw(statement).execute(trx);
  });
}

/**
 * Loads everything but what belongs to the database rather than to the vault: extensions, the schema itself. Without
 * pg_trgm, its indexes are left out; the bot makes them when it can.
 */
async function load(o: {
  restore: string;
  file: string;
  address: string;
  env: NodeJS.ProcessEnv;
  catalog: Catalog;
}): Promise<void> {
  const { rows } = await sql`select 1 from pg_extension where extname = 'pg_trgm'`.execute(o.catalog.db);
  // A line of the list: 3538; 1259 16787 INDEX public file_text postgres
  const indexes = rows.length > 0 ? '' : `|\\bINDEX\\b.* (${TEXT_INDEXES.join('|')}) `;
  const without = new RegExp(`\\b(EXTENSION|SCHEMA)\\b${indexes}`);
  const listed = await runPg(o.restore, ['--list', o.file]);
  const wanted = listed.split('\n').filter((line) => line.startsWith(';') || !without.test(line));
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-restore-'));
  try {
    const list = join(folder, 'list');
    writeFileSync(list, wanted.join('\n'));
    const how = ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error'];
    await runPg(o.restore, [...how, `--use-list=${list}`, `--dbname=${o.address}`, o.file], { env: o.env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
