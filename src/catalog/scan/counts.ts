import { sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import type { Catalog, Scope } from '../db/schema.ts';

/** Nobody needs to know more exactly. */
const MOST = 10_000;

export interface ScanCounts {
  waiting: number;
  infected: number;
  released: number;
  unscanned: number;
  /** True if there may be more than counted. */
  atLeast: boolean;
}

/** The versions that are not simply clean; those of files that the vault gives out. Clean ones are not counted: there are too many. */
export async function scanCounts({ db }: Scope, teamId: string): Promise<ScanCounts> {
  const { rows } = await sql<{ state: string; released: number; n: number }>`
    select s.state, s.released, count(*) as n from (
      select state, case when released_by is null then 0 else 1 end as released from scan
      where team_id = ${teamId} and state <> 'clean' and ${OF_STORED} limit ${MOST}) s
    group by s.state, s.released`.execute(db);
  const sum = (state: string, released: number) =>
    rows
      .filter((r) => r.state === state && Number(r.released) === released)
      .reduce((n, r) => n + Number(r.n), 0);
  return {
    waiting: sum('waiting', 0),
    infected: sum('infected', 0),
    released: sum('infected', 1) + sum('unscanned', 1),
    unscanned: sum('unscanned', 0),
    atLeast: rows.reduce((n, r) => n + Number(r.n), 0) >= MOST,
  };
}

const OF_STORED = sql`exists (select 1 from file f
  where f.team_id = scan.team_id and f.file_id = scan.file_id and f.state = 'stored')`;

/** One kind of malware, found in files on one day; released ones are left out. */
export interface FoundMalware {
  signature: string;
  /** The day on which it was found, such as 2026-11-29. */
  day: string;
  files: number;
}

/** What was found, by signature and day. */
export async function foundMalware({ db }: Scope, teamId: string): Promise<FoundMalware[]> {
  const { rows } = await sql<{ signature: string; day: number; files: number }>`
    select signature, since / ${sql.lit(DAY_MS)} as day, count(distinct file_id) as files from scan
    where team_id = ${teamId} and state <> 'clean' and state = 'infected' and released_by is null and ${OF_STORED}
    group by signature, since / ${sql.lit(DAY_MS)} order by 2 desc limit 100`.execute(db);
  return rows.map(({ signature, day, files }) => ({
    signature,
    day: new Date(Number(day) * DAY_MS).toISOString().slice(0, 10),
    files: Number(files),
  }));
}

/** The files in which something was found and that nobody released, newest first. */
export async function infectedFiles({ db }: Scope, teamId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ fileId: string }>`
    select file_id, max(since) as at from scan
    where team_id = ${teamId} and state <> 'clean' and state = 'infected' and released_by is null and ${OF_STORED}
    group by file_id order by at desc limit ${limit}`.execute(db);
  return rows.map(({ fileId }) => fileId);
}

/** Whether anything was ever found that nobody released. */
export async function hasInfected({ db }: Catalog): Promise<boolean> {
  const row = await db
    .selectFrom('scan')
    .select('id')
    .where('state', '<>', sql.lit('clean'))
    .where('state', '=', 'infected')
    .where('releasedBy', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
