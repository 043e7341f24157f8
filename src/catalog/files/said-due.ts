import { sql } from 'kysely';
import { numberTable, skipLocked } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { indexOwnWordsOf } from '../derived/own-words.ts';
import { indexRows, type SaidRecord } from './said.ts';

/**
 * What was said waits in `said_due` for its index. On SQLite all that comes with new files does: FTS5 writes its pages at each
 * savepoint (xSavepoint in fts5_main.c), and so for each file that is captured; many messages at once take a sixth of that. A job puts
 * them in (jobs/said.ts), and a search puts in first what waits, so that everything is found at once. On PostgreSQL only an upgrade and
 * a channel that gets another id write something there. A search that cannot wait for all of it says so.
 */

/** Messages that are put in before it is seen how long that took; one may be as long as 8,000 letters. */
const STEP = 10;
/** Everybody else waits for so long (ms), and a search for so long in all; what a rebuild or an upgrade leaves is the job's. */
const STEP_MS = 12;
const SEARCH_MS = 50;

/** Whether something waits for the index. */
export async function isSaidDue({ db }: Scope): Promise<boolean> {
  // Along its index: PostgreSQL would go through what was deleted lately.
  return (await sql`select 1 from said_due order by id limit 1`.execute(db)).rows.length > 0;
}

/** Puts the next messages into the index, the newest first. True while some are left. */
export async function indexDueSaid(scope: Catalog | Scope): Promise<boolean> {
  if (!(await isSaidDue(scope))) return false;
  const step = async (within: Scope) => {
    const began = performance.now();
    let isMore = true;
    while (isMore && performance.now() - began < STEP_MS) {
      isMore = await indexSome(within);
      // Nobody else waits there, but for these files: each step has a transaction of its own.
      if (within.kind === 'postgres') break;
    }
    return isMore;
  };
  return scope.db.isTransaction ? step(scope) : inTransaction(scope as Catalog, step);
}

/**
 * On PostgreSQL others may change the same at this moment. Locked are, in the order in which they do it, the files, what was said with
 * them, and what waits; only then is it read.
 */
async function indexSome(scope: Scope): Promise<boolean> {
  const { db, kind } = scope;
  const next = await sql<{ id: number }>`
    select id from said_due order by id desc limit ${sql.lit(STEP)}`.execute(db);
  const asked = next.rows.map(({ id }) => id);
  if (kind === 'postgres') await lockFilesOf(scope, asked);
  // An edit that comes at the same moment is waited for: its words count.
  const { rows } =
    await sql<SaidRecord>`select d.* from ${numberTable(kind, asked)} ids cross join said d where d.id = ids.id
    order by d.id ${kind === 'postgres' ? sql`for update of d` : sql``}`.execute(db);
  const ids = kind === 'postgres' ? await lockDue(scope, asked) : asked;
  const isDue = new Set(ids);
  await indexRows(
    scope,
    rows.filter(({ id }) => isDue.has(id)),
  );
  // What Slack tells of files themselves stands under their numbers, below nought.
  await indexOwnWordsOf(
    scope,
    ids.filter((id) => id < 0).map((id) => -id),
  );
  // Also those of messages that are gone.
  await noLongerDue(scope, ids);
  return ids.length === STEP;
}

/** Those of them that still wait, and that nobody puts in, or has put in once more, just now. */
async function lockDue({ db, kind }: Scope, asked: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from said_due where id in (select ids.id from ${numberTable(kind, asked)} ids)
    order by id ${skipLocked(kind)}`.execute(db);
  return rows.map(({ id }) => id);
}

async function lockFilesOf({ db, kind }: Scope, ids: readonly number[]): Promise<void> {
  await sql`select f.id from file f where f.id in (
      select s.id from ${numberTable(kind, ids)} ids join said d on d.id = ids.id
        join file s on s.team_id = d.team_id and s.file_id = d.file_id
      union all select -ids.id from ${numberTable(kind, ids)} ids where ids.id < 0)
    order by f.id for update of f`.execute(db);
}

/** These are in the index, or need not be. */
export async function noLongerDue({ db, kind }: Scope, ids: readonly number[]): Promise<void> {
  await sql`delete from said_due where id in (select ids.id from ${numberTable(kind, ids)} ids)`.execute(db);
}

/** Call it before the index is searched: on SQLite it puts in what waits. True while some is left, which is not found then. */
export async function isSaidBehind(scope: Scope): Promise<boolean> {
  if (scope.kind === 'postgres') return isSaidDue(scope);
  try {
    const began = performance.now();
    while (performance.now() - began < SEARCH_MS && (await indexDueSaid(scope)));
    return await isSaidDue(scope);
  } catch {
    // The disk is full, or the catalog is open for reading only: then what was in the index before is found. The job says why.
    return true;
  }
}
