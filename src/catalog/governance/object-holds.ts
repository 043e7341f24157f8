import { type Selectable, sql } from 'kysely';
import { lockFile } from '../db/lock-file.ts';
import type { Catalog, Schema, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef } from '../model.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';

/** Who set the legal hold on an object. */
export const LEGAL_HOLD = {
  /** The vault knows of none. */
  none: 0,
  /** The vault set it, and removes it when none of its own holds covers the file any more. */
  ours: 1,
  /** It was there before: the vault may not remove it. */
  theirs: 2,
} as const;

export type ObjectHold = Selectable<Schema['objectHold']>;

/**
 * Asks for a look at whether the object of a file should carry a legal hold. `wasHeld` is for the end of a hold: it
 * says that the vault set the legal hold, because a rebuilt catalog may have forgotten that.
 */
export async function wantObjectHold(
  scope: Scope,
  { teamId, fileId }: FileRef,
  o: { wasHeld: boolean; now: number },
): Promise<void> {
  const applied = o.wasHeld ? LEGAL_HOLD.ours : LEGAL_HOLD.none;
  await sql`insert into object_hold (team_id, file_id, applied, due_at)
    values (${teamId}, ${fileId}, ${applied}, ${o.now})
    on conflict (team_id, file_id) do update
    set version = object_hold.version + 1,
      due_at = case when object_hold.lease_owner is null then ${o.now} else object_hold.due_at end`.execute(
    scope.db,
  );
}

/** Records who set the legal hold on a file's newest object, after that became another object. */
export async function setApplied({ db }: Scope, { teamId, fileId }: FileRef, applied: number): Promise<void> {
  await db
    .updateTable('objectHold')
    .set({ applied })
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .execute();
}

export function claimDueObjectHolds(catalog: Catalog, claim: Claim): Promise<ObjectHold[]> {
  return claimDue<ObjectHold>(catalog, 'objectHold', claim);
}

export function nextObjectHoldDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'objectHold');
}

/**
 * The bucket did as it was told, or there was nothing to do. Stays due if more was asked meanwhile. A hold that is
 * over is forgotten, and a file in the trash can then go at its time.
 */
export function objectHoldDone(
  catalog: Catalog,
  row: ObjectHold,
  owner: string,
  o: {
    applied: number;
    /** The key of the object that was looked at, the newest of its file; null when there was none. */
    key?: string | null;
    now: number;
  },
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    // The file first, as everywhere, so that no two transactions wait for each other.
    const file = await lockFile(scope, row);
    // A later version came meanwhile: this was done to an older object, and the new one is still to come.
    const isOther = file !== undefined && typeof o.key === 'string' && file.objectKey !== o.key;
    const applied = isOther ? LEGAL_HOLD.none : o.applied;
    if (isOther)
      await scope.db
        .updateTable('fileVersion')
        .set({ holdApplied: o.applied })
        .where('teamId', '=', row.teamId)
        .where('fileId', '=', row.fileId)
        .where('objectKey', '=', o.key as string)
        .execute();
    const rest = { applied, leaseOwner: null, attempts: 0 };
    const { numUpdatedRows } = await scope.db
      .updateTable('objectHold')
      .set({
        ...rest,
        dueAt: isOther
          ? o.now
          : sql<number | null>`case when version > ${row.version} then cast(${o.now} as bigint) end`,
      })
      .where('id', '=', row.id)
      .where('leaseOwner', '=', owner)
      .executeTakeFirst();
    if (applied !== LEGAL_HOLD.ours && file?.state === 'trashed' && file.leaseOwner === null)
      await scope.db.updateTable('file').set({ dueAt: file.purgeAt }).where('id', '=', file.id).execute();
    if (numUpdatedRows === 0n) return false;
    if (applied === LEGAL_HOLD.none)
      await scope.db.deleteFrom('objectHold').where('id', '=', row.id).where('dueAt', 'is', null).execute();
    return true;
  });
}

/**
 * Call it before the bucket is told to hold an object: if the answer is lost, the legal hold is known as the vault's
 * own. False when the lease is lost, or the object is not its file's newest any more; then the bucket must not be
 * told.
 */
export async function markOurs(
  catalog: Catalog,
  row: ObjectHold,
  owner: string,
  key?: string,
): Promise<boolean> {
  const { numUpdatedRows } = await catalog.db
    .updateTable('objectHold')
    .set({ applied: LEGAL_HOLD.ours })
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    .$if(key !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select 1 from file f where f.team_id = object_hold.team_id
          and f.file_id = object_hold.file_id and f.object_key = ${key})`,
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The same for the object of an older version. False when there is no such version any more. */
export async function markVersionOurs({ db }: Scope, { id }: { id: number }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('fileVersion')
    .set({ holdApplied: LEGAL_HOLD.ours })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Records who set the legal hold on an older version's object. */
export async function versionHoldDone({ db }: Scope, { id }: { id: number }, applied: number): Promise<void> {
  await db
    .updateTable('fileVersion')
    .set({ holdApplied: applied })
    .where('id', '=', id)
    .where('holdApplied', '!=', applied)
    .execute();
}

/** The bucket could not be told, or the file is not there yet: again at `dueAt`. */
export async function deferObjectHold(
  catalog: Catalog,
  row: ObjectHold,
  owner: string,
  dueAt: number,
): Promise<void> {
  await catalog.db
    .updateTable('objectHold')
    .set({ dueAt, leaseOwner: null })
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    .execute();
}

/** What the bucket holds. */
export interface BucketHolds {
  /** Objects whose legal hold was read back from the bucket, and those that somebody else has set. */
  held: number;
  /** Files whose objects are still to be held or let go. */
  waiting: number;
  /** Those of them where the last try failed. */
  failing: number;
}

/** How many objects the bucket holds, as far as it was read back, and what is still to be done. */
export async function bucketHolds({ db }: Scope, teamId: string): Promise<BucketHolds> {
  // A row that is due may have told the bucket already; nobody knows before it was read back.
  const { rows } = await sql<{ held: number; older: number; waiting: number; failing: number }>`select
    (select count(*) from object_hold where team_id = ${teamId}
      and applied <> ${LEGAL_HOLD.none} and due_at is null) as held,
    (select count(*) from file_version v where v.team_id = ${teamId}
      and v.hold_applied <> ${LEGAL_HOLD.none} and v.lost_at is null
      and not exists (select 1 from object_hold o
        where o.team_id = v.team_id and o.file_id = v.file_id and o.due_at is not null)) as older,
    (select count(*) from object_hold where team_id = ${teamId} and due_at is not null) as waiting,
    (select count(*) from object_hold where team_id = ${teamId} and due_at is not null
      and lease_owner is null and attempts > 0) as failing`.execute(db);
  const { held = 0, older = 0, waiting = 0, failing = 0 } = rows[0] ?? {};
  return { held: Number(held) + Number(older), waiting: Number(waiting), failing: Number(failing) };
}
