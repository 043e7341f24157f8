import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { type Claim, claimDue, dueRows, lease, nextDue } from '../queue/due.ts';

/** Work that the vault does for itself: one process at a time, again and again. */
export type PeriodicJobName =
  | 'verify'
  | 'patrol'
  | 'charts'
  | 'retention'
  | 'changes'
  | 'unshared'
  | 'drill'
  | 'scan'
  | 'channels'
  | 'leaving'
  | 'wipe';

export interface PeriodicJob {
  name: PeriodicJobName;
  /** What it wrote down the last time; empty at first. */
  memo: Record<string, unknown>;
  attempts: number;
}

/**
 * Makes sure that a periodic job exists: due at `dueAt` when it is new or was switched off, and in any case not later
 * than `latest`. A `dueAt` of null switches it off.
 */
export async function setUpPeriodicJob(
  catalog: Catalog,
  name: PeriodicJobName,
  dueAt: number | null,
  latest: number = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  const kept =
    dueAt === null
      ? null
      : sql<number>`case when chore.due_at is null then cast(${dueAt} as bigint)
          when chore.due_at > ${latest} then cast(${latest} as bigint) else chore.due_at end`;
  await catalog.db
    .insertInto('chore')
    .values({ name, memo: '{}', dueAt, leaseOwner: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ dueAt: kept }))
    .execute();
}

/** Claims periodic jobs that are due, but for one that is left to other bots. */
export async function claimDuePeriodicJobs(
  catalog: Catalog,
  claim: Claim,
  left: PeriodicJobName | null = null,
): Promise<PeriodicJob[]> {
  type Row = { id: number; name: PeriodicJobName; memo: string; attempts: number };
  const rows =
    left === null
      ? await claimDue<Row>(catalog, 'periodicJob', claim)
      : await inTransaction(catalog, async (scope) => {
          const ids = await dueRows(scope, 'periodicJob', { ...claim, limit: claim.limit + 1 });
          const others = await idsWithout(scope, ids, left);
          return lease<Row>(scope, 'periodicJob', claim, others.slice(0, claim.limit));
        });
  return rows.map(({ name, memo, attempts }) => ({ name, memo: JSON.parse(memo), attempts }));
}

async function idsWithout(
  { db }: Scope,
  ids: readonly number[],
  left: PeriodicJobName,
): Promise<readonly number[]> {
  if (ids.length === 0) return ids;
  const row = await db.selectFrom('chore').select('id').where('name', '=', left).executeTakeFirst();
  return ids.filter((id) => id !== row?.id);
}

/** When the next periodic job is due (ms), or null; the one that is left to other bots does not count. */
export async function nextPeriodicJobDueAt(
  catalog: Catalog,
  left: PeriodicJobName | null = null,
): Promise<number | null> {
  if (left === null) return nextDue(catalog, 'periodicJob');
  const row = await catalog.db
    .selectFrom('chore')
    .select('dueAt')
    .where('name', '<>', left)
    .where('dueAt', 'is not', null)
    .orderBy('dueAt')
    .limit(1)
    .executeTakeFirst();
  return row?.dueAt ?? null;
}

/** A job, or a part of it, is done: what it remembers, and when it is due again. False when the lease was lost. */
export async function periodicJobDone(
  scope: Scope,
  name: PeriodicJobName,
  owner: string,
  o: { memo: Record<string, unknown>; dueAt: number },
): Promise<boolean> {
  const result = await scope.db
    .updateTable('chore')
    .set({ memo: JSON.stringify(o.memo), dueAt: o.dueAt, leaseOwner: null, attempts: 0 })
    .where('name', '=', name)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Keeps the right to a job that takes long. False when another process has taken it. */
export async function renewPeriodicJob(
  { db }: Scope,
  name: PeriodicJobName,
  owner: string,
  until: number,
): Promise<boolean> {
  const result = await db
    .updateTable('chore')
    .set({ dueAt: until })
    .where('name', '=', name)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Writes down what a job is to remember, whoever works on it now. For what a person did with a command line. */
export async function writeMemo(scope: Scope, name: PeriodicJobName, memo: object): Promise<void> {
  const text = JSON.stringify(memo);
  await scope.db
    .insertInto('chore')
    .values({ name, memo: text, dueAt: null, leaseOwner: null })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ memo: text }))
    .execute();
}

/** Changes what a job remembers, unless somebody else did so meanwhile. */
export async function amendMemo(
  { db }: Scope,
  name: PeriodicJobName,
  amend: (memo: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const row = await db.selectFrom('chore').select('memo').where('name', '=', name).executeTakeFirst();
  if (row === undefined) return;
  const memo = JSON.stringify(amend(JSON.parse(row.memo)));
  if (memo === row.memo) return;
  await db.updateTable('chore').set({ memo }).where('name', '=', name).where('memo', '=', row.memo).execute();
}

/** A periodic job failed, to be tried again at `dueAt`. */
export async function deferPeriodicJob(
  catalog: Catalog,
  name: PeriodicJobName,
  owner: string,
  dueAt: number,
): Promise<void> {
  await catalog.db
    .updateTable('chore')
    .set({ dueAt, leaseOwner: null })
    .where('name', '=', name)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** Makes a periodic job that is switched on due soon. One that runs now is left alone. */
export async function periodicJobSoon(catalog: Catalog, name: PeriodicJobName, dueAt: number): Promise<void> {
  await catalog.db
    .updateTable('chore')
    .set({ dueAt })
    .where('name', '=', name)
    .where('dueAt', 'is not', null)
    .where('leaseOwner', 'is', null)
    .execute();
}

/** The same for a job that walks a list: it starts at the top again, because earlier items may have changed. */
export async function makeDueAgain(catalog: Catalog, name: PeriodicJobName, dueAt: number): Promise<void> {
  const { page: _, changed: __, ...memo } = await memoOf(catalog, name);
  await catalog.db
    .updateTable('chore')
    .set({ dueAt, memo: JSON.stringify(memo) })
    .where('name', '=', name)
    .where('dueAt', 'is not', null)
    .where('leaseOwner', 'is', null)
    .execute();
}

/** What a periodic job wrote down; empty when it has not been done yet. */
export async function memoOf({ db }: Scope, name: PeriodicJobName): Promise<Record<string, unknown>> {
  const row = await db.selectFrom('chore').select('memo').where('name', '=', name).executeTakeFirst();
  return row ? JSON.parse(row.memo) : {};
}
