import { sql } from 'kysely';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { recall, remember } from '../memory.ts';
import { emptyOut, hasContent } from './content.ts';
import { STANDING } from './replay.ts';

/** How one of several processes takes the right to look at the bucket. */
export interface LookClaim {
  owner: string;
  leaseMs: number;
  now: number;
}

/**
 * Whether this catalog is so new that its bucket has to be looked at first: it may hold a vault already. Written down,
 * so that it stays so until {@link endFirstLook} or a rebuild, also after a kill. With `insist`, nobody looks, and what
 * a rebuild has left half done is removed.
 */
export async function awaitsFirstLook(catalog: Catalog, { insist }: { insist: boolean }): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const { rebuilding, number } = await scope.db
      .selectFrom('journal')
      .select(['rebuilding', 'number'])
      .executeTakeFirstOrThrow();
    // Once somebody has looked, the bucket fills up from this catalog, which may still be empty itself.
    const isLooked = (await recall(scope, 'looked')) !== null;
    const isNew = rebuilding === STANDING.whole && number === 0 && !isLooked && !(await hasContent(scope));
    const awaits = isNew || rebuilding === STANDING.unlooked || rebuilding === STANDING.byItself;
    if (!awaits) return false;
    if (insist && rebuilding === STANDING.byItself) await emptyOut(scope);
    if (insist) await remember(scope, 'looked', {});
    const next = insist ? STANDING.whole : isNew ? STANDING.unlooked : rebuilding;
    await scope.db
      .updateTable('journal')
      .set({ rebuilding: next })
      .where('rebuilding', '=', rebuilding)
      .execute();
    return !insist;
  });
}

/**
 * Takes the right to look at the bucket, or to go on where a process that died left off. `taken`: another process has
 * it. `done`: nobody has to look any more.
 */
export async function claimFirstLook(catalog: Catalog, claim: LookClaim): Promise<'mine' | 'taken' | 'done'> {
  const { owner, leaseMs, now } = claim;
  const { numUpdatedRows } = await catalog.db
    .updateTable('journal')
    .set({ leaseOwner: owner, dueAt: now + leaseMs })
    .where('rebuilding', 'in', [STANDING.unlooked, STANDING.byItself])
    .where((eb) => eb.or([eb('leaseOwner', 'is', null), eb('leaseOwner', '=', owner), eb('dueAt', '<', now)]))
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return 'mine';
  const { rebuilding } = await catalog.db
    .selectFrom('journal')
    .select('rebuilding')
    .executeTakeFirstOrThrow();
  return rebuilding === STANDING.whole ? 'done' : 'taken';
}

/** Keeps the right for longer. False when another process has taken it. */
export async function renewFirstLook({ db }: Scope, claim: LookClaim): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('journal')
    .set({ dueAt: claim.now + claim.leaseMs })
    .where('leaseOwner', '=', claim.owner)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Gives the right back without a result: the next process looks at once. */
export async function giveUpFirstLook({ db }: Scope, owner: string): Promise<void> {
  await db
    .updateTable('journal')
    .set({ leaseOwner: null, dueAt: null })
    .where('leaseOwner', '=', owner)
    .execute();
}

/** The bucket holds nothing of this vault, or its holder does not want it: the catalog begins as it is. */
export async function endFirstLook(catalog: Catalog, owner: string): Promise<void> {
  await inTransaction(catalog, async (scope) => {
    const { numUpdatedRows } = await scope.db
      .updateTable('journal')
      .set({ rebuilding: STANDING.whole, leaseOwner: null, dueAt: null })
      .where('leaseOwner', '=', owner)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await remember(scope, 'looked', {});
  });
}

/** False while a process fills this catalog from the bucket: what others wrote meanwhile would be removed. */
export async function mayBeWritten({ db }: Scope): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`select 1 as one from journal
    where rebuilding = ${STANDING.byItself} or rebuilding = ${STANDING.byHand}`.execute(db);
  return rows.length === 0;
}
