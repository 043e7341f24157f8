import { sql } from 'kysely';
import { type Claim, claimDue, nextDue } from '../due.ts';
import type { Catalog, Scope } from '../tables/schema.ts';

/** Work that the vault does for itself: one process at a time, again and again. */
export type ChoreName = 'verify' | 'patrol' | 'charts' | 'retention' | 'changes' | 'unshared';

export interface Chore {
  name: ChoreName;
  /** What it wrote down the last time; empty at first. */
  memo: Record<string, unknown>;
  attempts: number;
}

/**
 * Makes sure that a chore is there: due at `dueAt` when it is new or was switched off, and not later than `latest`
 * in any case. A `dueAt` of null switches it off.
 */
export async function setUpChore(
  catalog: Catalog,
  name: ChoreName,
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

/** Claims chores that are due. */
export async function claimDueChores(catalog: Catalog, claim: Claim): Promise<Chore[]> {
  const rows = await claimDue<{ id: number; name: ChoreName; memo: string; attempts: number }>(
    catalog,
    'chore',
    claim,
  );
  return rows.map(({ name, memo, attempts }) => ({ name, memo: JSON.parse(memo), attempts }));
}

/** When the next chore is due (ms), or null. */
export function nextChoreDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'chore');
}

/** A chore was done, or a part of it: what it remembers, and when it is due again. False when the lease was lost. */
export async function choreDone(
  scope: Scope,
  name: ChoreName,
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

/** A chore failed, to be tried again at `dueAt`. */
export async function deferChore(
  catalog: Catalog,
  name: ChoreName,
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

/** Has a chore that is switched on done soon. One that is under way is left alone. */
export async function choreSoon(catalog: Catalog, name: ChoreName, dueAt: number): Promise<void> {
  await catalog.db
    .updateTable('chore')
    .set({ dueAt })
    .where('name', '=', name)
    .where('dueAt', 'is not', null)
    .where('leaseOwner', 'is', null)
    .execute();
}

/** The same for a chore that goes along a list: it begins at the top again, for what it has passed may have changed. */
export async function walkAgain(catalog: Catalog, name: ChoreName, dueAt: number): Promise<void> {
  const { page: _, changed: __, ...memo } = await memoOf(catalog, name);
  await catalog.db
    .updateTable('chore')
    .set({ dueAt, memo: JSON.stringify(memo) })
    .where('name', '=', name)
    .where('dueAt', 'is not', null)
    .where('leaseOwner', 'is', null)
    .execute();
}

/** What a chore wrote down; empty when it has not been done yet. */
export async function memoOf(catalog: Catalog, name: ChoreName): Promise<Record<string, unknown>> {
  const row = await catalog.db.selectFrom('chore').select('memo').where('name', '=', name).executeTakeFirst();
  return row ? JSON.parse(row.memo) : {};
}
