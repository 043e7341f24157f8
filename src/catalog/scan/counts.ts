import { sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import type { Catalog, Scope } from '../db/schema.ts';

/** Of each state at most so many are counted. Nobody needs to know more exactly. */
const MOST = 10_000;

export interface ScanCounts {
  waiting: number;
  infected: number;
  released: number;
  unscanned: number;
  /** A number as large as this one may stand for more. */
  most: number;
}

/** The versions that are not simply clean; those of files that the vault gives out. Clean ones are not counted: there are too many. */
export async function scanCounts({ db }: Scope, teamId: string): Promise<ScanCounts> {
  const counts = async (state: string, released = false) => {
    const free = sql.raw(released ? 'is not null' : 'is null');
    const { rows } = await sql<{ n: number }>`select count(*) as n from (
      select 1 from scan where team_id = ${teamId} and state <> 'clean' and state = ${state}
        and released_by ${free} and ${OF_STORED} limit ${MOST}) s`.execute(db);
    return Number(rows[0]?.n ?? 0);
  };
  return {
    waiting: await counts('waiting'),
    infected: await counts('infected'),
    released: (await counts('infected', true)) + (await counts('unscanned', true)),
    unscanned: await counts('unscanned'),
    most: MOST,
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
