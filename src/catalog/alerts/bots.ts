import { sql } from 'kysely';
import { SCHEMA, schemaOf } from '../db/migrate.ts';
import type { Catalog } from '../db/schema.ts';
import { otherSchema } from '../db/schema-guard.ts';

/** A bot that has been silent for this long is not there any more. */
const SILENT_MS = 10_000;

/** The server's own clock, because the machines' clocks differ. */
const NOW = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;

/**
 * Says that this bot is there, and which schema it knows. Returns how many bots have said so within ten seconds, itself
 * included. SQLite has only one bot. Throws {@link CatalogError} `catalog_newer` when the catalog has another schema
 * by now.
 */
export async function reportBot({ db, kind }: Catalog, owner: string): Promise<number> {
  if ((await schemaOf({ db, kind })) !== SCHEMA) throw otherSchema();
  if (kind === 'sqlite') return 1;
  await sql`insert into bot (owner, seen_at, schema_name) values (${owner}, ${NOW}, ${SCHEMA})
    on conflict (owner) do update set seen_at = ${NOW}, schema_name = ${SCHEMA}`.execute(db);
  await sql`delete from bot where seen_at < ${NOW} - ${SILENT_MS}`.execute(db);
  const { rows } = await sql<{ bots: number }>`select count(*) as bots from bot`.execute(db);
  return rows[0]?.bots ?? 1;
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
