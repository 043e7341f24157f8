import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';

/** A bot that has been silent for this long is not there any more. */
const SILENT_MS = 10_000;

/** The server's own clock, because the machines' clocks differ. */
const NOW = sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;

/**
 * Says that this bot is there, and returns how many bots have said so within ten seconds, itself included. SQLite has
 * only one bot.
 */
export async function reportBot({ db, kind }: Catalog, owner: string): Promise<number> {
  if (kind === 'sqlite') return 1;
  await sql`insert into bot (owner, seen_at) values (${owner}, ${NOW})
    on conflict (owner) do update set seen_at = ${NOW}`.execute(db);
  await sql`delete from bot where seen_at < ${NOW} - ${SILENT_MS}`.execute(db);
  const { rows } = await sql<{ bots: number }>`select count(*) as bots from bot`.execute(db);
  return rows[0]?.bots ?? 1;
}

/** Says that this bot stops. */
export async function removeBot({ db }: Catalog, owner: string): Promise<void> {
  await sql`delete from bot where owner = ${owner}`.execute(db);
}
