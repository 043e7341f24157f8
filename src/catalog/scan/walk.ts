import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';

/** Where the walk through what was stored before the scanner came, or past it, stands. */
export interface ScanWalk {
  of: 'file' | 'file_version';
  /** Rows with ids below this one are still to be looked at. */
  before: number;
}

const PAGE = 1_000;

/**
 * Marks versions that have no row, newest first: one page of the walk. They are due now, but `due` of them at most, so
 * that what is shared meanwhile does not wait behind a whole vault. Returns where to go on; null at the end.
 */
export async function markUnseen(
  { db }: Catalog,
  walk: ScanWalk,
  o: { teamId: string; due: number; now: number },
): Promise<{ next: ScanWalk | null; marked: number }> {
  const { of, before } = walk;
  const isFile = of === 'file';
  const condition = isFile
    ? sql`t.state in ('stored', 'trashed') and t.object_key is not null`
    : sql`t.lost_at is null`;
  const number = isFile ? sql`t.version` : sql`t.number`;
  const { rows: seen } = await sql<{ id: number; unseen: number }>`
    select t.id, case when ${condition} and not exists (select 1 from scan s where s.team_id = t.team_id
      and s.file_id = t.file_id and s.number = ${number} and s.sha256 = coalesce(t.sha256, ''))
      then 1 else 0 end as unseen
    from ${sql.table(of)} t where t.team_id = ${o.teamId} and t.id < ${before} order by t.id desc limit ${PAGE}`.execute(
    db,
  );
  const unseen = seen.filter((row) => Number(row.unseen) === 1).slice(0, o.due);
  if (unseen.length > 0)
    await sql`insert into scan (team_id, file_id, number, sha256, stored_at, state, since, due_at)
      select t.team_id, t.file_id, ${number}, coalesce(t.sha256, ''), coalesce(t.stored_at, ${o.now}), 'waiting',
        cast(${o.now} as bigint), cast(${o.now} as bigint)
      from ${sql.table(of)} t where t.id in (${sql.join(unseen.map(({ id }) => id))})
      on conflict (team_id, file_id, number) do update set sha256 = excluded.sha256, stored_at = excluded.stored_at,
        state = 'waiting', since = excluded.since, due_at = excluded.due_at, lease_owner = null, reason = null,
        signature = null, released_by = null, released_at = null, release_reason = null, told = 0, broke = 0`.execute(
      db,
    );
  const isFull = unseen.length === o.due;
  const last = isFull ? unseen.at(-1) : seen.at(-1);
  if (last !== undefined && (isFull || seen.length === PAGE))
    return { next: { of, before: last.id }, marked: unseen.length };
  const next = isFile ? ({ of: 'file_version', before: Number.MAX_SAFE_INTEGER } as const) : null;
  return { next, marked: unseen.length };
}

/** How many versions are due that were never scanned; counted up to `most`. */
export async function countDue({ db }: Catalog, most: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
    select 1 from scan where due_at is not null and state = 'waiting' limit ${most}) due`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/**
 * The scanner has other signatures: what was stored since `storedAfter`, and all in which something was found, is due
 * again; at most so many rows at once. Returns how many there were.
 */
export async function wantAgain(
  { db }: Catalog,
  o: { version: string; storedAfter: number; scannedBefore: number; now: number; limit: number },
): Promise<number> {
  const outdated = sql`scanned_with is distinct from ${o.version} and lease_owner is null
    and scanned_at < ${o.scannedBefore} and (due_at is null or due_at > ${o.now})`;
  // Two queries: each has an index of its own.
  const found = sql`select id from scan where state <> 'clean' and state = 'infected' and ${outdated} limit ${o.limit}`;
  const recent = sql`select id from scan where state <> 'waiting' and stored_at >= ${o.storedAfter}
    and (reason is null or reason <> 'too_large') and ${outdated} limit ${o.limit}`;
  let changed = 0;
  for (const ids of [found, recent]) {
    const { numAffectedRows } = await sql`update scan set due_at = ${o.now} where id in (${ids})`.execute(db);
    changed += Number(numAffectedRows ?? 0n);
  }
  return changed;
}
