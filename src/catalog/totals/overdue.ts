import { type RawBuilder, sql } from 'kysely';
import { AWAITS_CAPTURE, AWAITS_PURGE } from '../db/conditions.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { WORK, type Work } from '../queue/due.ts';

/** Counting stops here: to count a million rows would hold up everything else. */
export const MOST_COUNTED = 10_000;
/** So many of the rows that fall due first are asked since when they fail. */
const MOST_ASKED = 1_000;

/** How far the vault is behind with one kind of work. */
export interface Overdue {
  work: Work;
  /** Rows that are due and that nobody works on; at most {@link MOST_COUNTED}. */
  dueRows: number;
  /** Since when the oldest of them has been due (ms); null when none is. */
  dueSince: number | null;
  /** Since when the work that fails has failed, or was to be done (ms); null when none fails, or nobody knows. */
  failingSince: number | null;
}

/**
 * Where a row says when its work should have been done. A row that fails is due later and later, so its `due_at` does not
 * tell. Rows tried for the first time do not count.
 */
const SINCE: Partial<Record<Work, RawBuilder<unknown>>> = {
  capture: sql`select failed_at as since from file
    where team_id = (select team_id from workspace) and failed_at is not null and ${AWAITS_CAPTURE}
    order by failed_at limit 1`,
  purge: sql`select purge_at as since from (select purge_at, attempts from file
    where ${AWAITS_PURGE} and due_at is not null order by due_at limit ${sql.lit(MOST_ASKED)}) p
    where attempts > 1`,
  post: failing('post', sql`failed_at`, sql`failed_at is not null`),
  home: failing('home', sql`failed_at`, sql`failed_at is not null`),
  sweep: failing('sweep', sql`wanted_at`, sql`attempts > 1`),
  hold: failing('hold', sql`set_at`, sql`attempts > 1`),
  exportJob: failing('export_job', sql`requested_at`, sql`attempts > 1 and state = 'waiting'`),
  change: failing('file_change', sql`first_at`, sql`attempts > 1`),
};

function failing(table: string, since: RawBuilder<unknown>, condition: RawBuilder<unknown>) {
  return sql`select ${since} as since from (select * from ${sql.table(table)}
    where due_at is not null order by due_at limit ${sql.lit(MOST_ASKED)}) p where ${condition}`;
}

/** The row of the audit log's lines is always due; what waits are the entries. */
const AUDIT_LOG = sql`select 'auditLog' as work,
  (select count(*) from (select 1 from audit_line limit ${sql.lit(MOST_COUNTED)}) p) as due_rows,
  (select a.at from audit_line line join audit a on a.id = line.audit_id order by line.id limit 1) as due_since,
  cast(null as bigint) as failing_since`;

/** What somebody waits for is put before everything else (`hurryScan`): it has been due since it was stored, not since 1970. */
const SCAN_DUE = sql`case when due_at = 0 then since else due_at end`;

/** One question for all kinds of work. Each part of it walks along the index of due rows, and not far. */
const overdueRows = prepared((_: Scope, { now }: { now: number }) => {
  const parts = Object.entries(WORK).map(([work, { table, condition }]) => {
    if (work === 'auditLog') return AUDIT_LOG;
    const due = sql`from ${sql.table(table)} where due_at <= ${now} and ${condition}`;
    const since = SINCE[work as Work];
    return sql`select ${sql.lit(work)} as work,
      (select count(*) from (select 1 ${due} limit ${sql.lit(MOST_COUNTED)}) p) as due_rows,
      (select ${work === 'scan' ? SCAN_DUE : sql`due_at`} ${due} order by due_at limit 1) as due_since,
      ${since === undefined ? sql`cast(null as bigint)` : sql`(select min(since) from (${since}) q)`} as failing_since`;
  });
  return sql<Overdue>`${sql.join(parts, sql` union all `)}`;
});

/**
 * How far the vault is behind with each kind of work. Without a scanner, nobody is to scan: nothing of that is late. Files are
 * read when there is time: that is never late.
 */
export async function overdue(catalog: Catalog, now: number): Promise<Overdue[]> {
  const rows = (await overdueRows(catalog, { now })).filter(({ work }) => work !== 'reading');
  return catalog.scans ? rows : rows.filter(({ work }) => work !== 'scan' && work !== 'rescan');
}

/** Files that wait for capture, and those whose last attempt failed. More than this are told as so many. */
const MOST_WAITING = 100_000;

/** How many files wait to be captured, by state; at most 100,000 in all. */
export async function waitingFiles(
  catalog: Catalog,
): Promise<{ pending: number; storing: number; failed: number }> {
  const { rows } = await sql<{ state: 'pending' | 'storing' | 'failed'; files: number }>`
    select state, count(*) as files from (select state from file where ${AWAITS_CAPTURE}
      limit ${sql.lit(MOST_WAITING)}) p group by state`.execute(catalog.db);
  const found = { pending: 0, storing: 0, failed: 0 };
  for (const { state, files } of rows) found[state] = files;
  return found;
}

/** Changes that no segment in the bucket tells yet. */
export async function untoldChanges(
  catalog: Catalog,
): Promise<{ first: number | null; last: number | null }> {
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select (select min(id) from journal_dirty) as first, (select max(id) from journal_dirty) as last`.execute(
    catalog.db,
  );
  return rows[0] ?? { first: null, last: null };
}

/** Holds in force, and how many files they cover; a file that two holds cover counts twice. */
export async function holdSums(catalog: Catalog, teamId: string): Promise<{ holds: number; files: number }> {
  const { rows } = await sql<{ holds: number; files: number }>`
    select count(*) as holds, cast(coalesce(sum(walked), 0) as bigint) as files
    from hold where team_id = ${teamId} and lifted_at is null`.execute(catalog.db);
  return rows[0] ?? { holds: 0, files: 0 };
}

/** Everything that is stored, each file once. Reads sums, not files. */
export async function storedSum(catalog: Catalog, teamId: string): Promise<{ files: number; bytes: number }> {
  const { rows } = await sql<{ files: number; bytes: number }>`
    select cast(coalesce(sum(files), 0) as bigint) as files, cast(coalesce(sum(bytes), 0) as bigint) as bytes
    from audience where team_id = ${teamId}`.execute(catalog.db);
  return rows[0] ?? { files: 0, bytes: 0 };
}
