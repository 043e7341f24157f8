import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { CatalogError } from '../db/errors.ts';
import { SCHEMA, schemaOf } from '../db/migrate.ts';
import { BUSY_MS, isBusy } from '../db/open-errors.ts';
import type { Catalog } from '../db/schema.ts';
import { otherSchema } from '../db/schema-guard.ts';
import type { ScanMode } from '../scan/model.ts';

/** A bot that has been silent for this long is not there any more. */
const SILENT_MS = 10_000;

/** The server's own clock, because the machines' clocks differ. */
const NOW = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;

/**
 * Says that this bot is there, which schema it knows, and what it does about malware. Returns how many bots have said so within ten seconds, itself
 * included. SQLite has only one bot. Throws {@link CatalogError} `catalog_newer` when the catalog has another schema
 * by now.
 */
export async function reportBot({ db, kind }: Catalog, owner: string, scanMode?: ScanMode): Promise<number> {
  if ((await schemaOf({ db, kind })) !== SCHEMA) throw otherSchema();
  if (kind === 'sqlite') return 1;
  await noteBot(db, owner, NOW, scanMode);
  await sql`delete from bot where seen_at < ${NOW} - ${SILENT_MS}`.execute(db);
  const { rows } = await sql<{ bots: number }>`select count(*) as bots from bot`.execute(db);
  return rows[0]?.bots ?? 1;
}

async function noteBot(
  db: Catalog['db'],
  owner: string,
  now: number | typeof NOW,
  scanMode: ScanMode | null = null,
): Promise<void> {
  await sql`insert into bot (owner, seen_at, schema_name, scan_mode) values (${owner}, ${now}, ${SCHEMA}, ${scanMode})
    on conflict (owner) do update set seen_at = ${now}, schema_name = ${SCHEMA},
      scan_mode = coalesce(excluded.scan_mode, bot.scan_mode)`.execute(db);
}

/** The one row of a bot on SQLite. */
const ONLY = 'sqlite';
/** For so long (ms), and so often, another writer of SQLite may be in between. */
const AGAIN_MS = 100;
const TRIES = 20;

/**
 * Writes one small row and commits it: throws what the database says when it cannot be written. The row is the same each
 * time, and each bot has its own, so that nothing grows and no bot waits for another. Where another program holds
 * SQLite's one lock, this throws `catalog_locked` after two seconds, without holding up the event loop meanwhile.
 */
export async function tryWrite(catalog: Catalog, owner: string): Promise<void> {
  const { db, kind } = catalog;
  if (kind === 'postgres') return noteBot(db, owner, NOW);
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(async (trx) => {
        // SQLite waits within the call, and nothing else could be done. Everybody else is kept out of this transaction.
        await sql`pragma busy_timeout = 0`.execute(trx);
        try {
          await noteBot(trx, ONLY, Date.now());
        } finally {
          await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(trx);
        }
      });
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (tries === TRIES)
        throw new CatalogError(
          'catalog_locked',
          'Another program holds the lock of the SQLite catalog vault.db, and keeps the bot from writing. End it.',
          { cause: error },
        );
      await sleep(AGAIN_MS);
    }
  }
}

/** Says that this bot stops. */
export async function removeBot({ db }: Catalog, owner: string): Promise<void> {
  await sql`delete from bot where owner = ${owner}`.execute(db);
}

/** The schemas that the bots know which are there now, the oldest first; null for a version that does not say it. */
export async function botSchemas({ db, kind }: Catalog): Promise<Array<string | null>> {
  if (kind === 'sqlite') return [SCHEMA];
  const { rows } = await sql<{ schemaName: string | null }>`
    select distinct schema_name from bot where seen_at >= ${NOW} - ${SILENT_MS}`.execute(db);
  const names = rows.map(({ schemaName }) => schemaName);
  return names.sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
}

/**
 * What the bots do about malware that are there now, each way once; without `except`, that of all of them. On SQLite there
 * are no others.
 */
export async function scanModes({ db, kind }: Catalog, except = ''): Promise<ScanMode[]> {
  if (kind === 'sqlite') return [];
  const { rows } = await sql<{ scanMode: ScanMode }>`
    select distinct scan_mode from bot
    where seen_at >= ${NOW} - ${SILENT_MS} and owner <> ${except} and scan_mode is not null`.execute(db);
  return rows.map(({ scanMode }) => scanMode).sort();
}
