/** Audit entries on their way to the bot's output: each is written once its transaction is committed, in that order. */
import { sql } from 'kysely';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { AuditEntry } from '../model.ts';
import { type Claim, claimDue } from '../queue/due.ts';

/** An entry and its id, which no other entry of this catalog has. */
export interface FedEntry extends AuditEntry {
  /** The number of its line. */
  line: number;
  id: number;
}

/** How many bots wait to look again. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Switches the writing of audit lines on or off, for all bots of this catalog. From then on, no entry is left out; entries
 * from before are not written. When it is switched off, what was not written yet is forgotten: returns how many entries
 * that are, and null where nothing was switched off.
 */
export async function setUpAuditFeed({ db }: Catalog, isOn: boolean): Promise<number | null> {
  if (isOn) {
    await sql`insert into audit_feed (id, due_at) values (1, 0) on conflict (id) do nothing`.execute(db);
    return null;
  }
  const { rows } = await sql`select 1 from audit_feed`.execute(db);
  if (rows.length === 0) return null;
  await sql`delete from audit_feed`.execute(db);
  const { numAffectedRows = 0n } = await sql`delete from audit_line`.execute(db);
  return Number(numAffectedRows);
}

const firstLine = prepared(
  (_: Scope, __: object) => sql<{ id: number }>`select id from audit_line order by id limit 1`,
);

/** Claims the right to write lines, if there are any to write. One bot has it at a time. */
export async function claimAuditFeed(catalog: Catalog, claim: Claim): Promise<Array<{ id: number }>> {
  const [line] = await firstLine(catalog, {});
  return line === undefined ? [] : claimDue(catalog, 'auditLog', claim);
}

/** When to look for entries again (ms). */
export function nextAuditFeedAt(now: number): number {
  return now + LOOK_AGAIN_MS;
}

/** The oldest entries that no line tells yet, in the order of their commits. */
export async function untoldEntries(catalog: Catalog, limit: number): Promise<FedEntry[]> {
  const { rows } = await sql<Omit<FedEntry, 'detail'> & { detail: string | null }>`
    select line.id as line, a.id, a.at, a.team_id, a.actor_id, a.action, a.file_id, a.channel_id, a.detail
    from audit_line line left join audit a on a.id = line.audit_id order by line.id limit ${limit}`.execute(
    catalog.db,
  );
  return rows.map((row) => ({ ...row, detail: row.detail === null ? {} : JSON.parse(row.detail) }));
}

/** The lines up to this one are written. A bot that dies before this has written them writes them again. */
export async function entriesTold(catalog: Catalog, line: number): Promise<void> {
  await sql`delete from audit_line where id <= ${line}`.execute(catalog.db);
}

/** Gives the right back. */
export async function releaseAuditFeed({ db }: Catalog, owner: string): Promise<void> {
  await sql`update audit_feed set due_at = 0, lease_owner = null, attempts = 0 where lease_owner = ${owner}`.execute(
    db,
  );
}
