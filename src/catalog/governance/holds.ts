import { randomUUID } from 'node:crypto';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { lockExclusive, lockShared } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Schema, Scope } from '../db/schema.ts';
import type { HoldTable } from '../db/schema-govern.ts';
import { inTransaction } from '../db/transaction.ts';
import type { FileRef } from '../model.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';
import { recordAudit } from './audit.ts';
import { LEGAL_HOLD, wantObjectHold } from './object-holds.ts';

/**
 * What a hold covers: files that meet all of its criteria. A person: files that they uploaded or shared anywhere. A
 * channel: files shared in it. A time: files shared in that time, anywhere. Each criterion is checked by itself; in
 * doubt, a hold covers more.
 */
export interface HoldScope {
  personId: string | null;
  channelId: string | null;
  fileId: string | null;
  /** These files, e.g. those that a search found; null: not only certain ones. */
  fileIds?: string[] | null;
  /** At or after (ms). */
  sharedFrom: number | null;
  /** Before (ms). */
  sharedUntil: number | null;
}

export interface Hold extends HoldScope {
  holdId: string;
  teamId: string;
  reason: string;
  setBy: string;
  setAt: number;
  liftedBy: string | null;
  liftedAt: number | null;
  /** How many files it was found to cover, and whether the walk still goes on. */
  walked: number;
  isWalking: boolean;
}

/** This lock is taken by everybody who sets a hold, and shared by everybody who takes something away. */
const LOCK = 'hold';

/** Far more files than all processes together work on at once. */
const MOST_LEASES = 10_000;

/** Files looked at in one step of a walk. */
const WALK_FILES = 1_000;

/** For a row of `file` known as `file`: true while any hold covers it. */
export function held(file: string): RawBuilder<boolean> {
  const team = sql.ref(`${file}.team_id`);
  return sql<boolean>`exists (select 1 from hold h
    where h.team_id = ${team} and h.lifted_at is null and ${covers('h', file)})`;
}

/** The same, and also true while the bucket still has to be told that a hold ended: it would refuse to delete. */
export function heldOrLocked(file: string): RawBuilder<boolean> {
  return sql<boolean>`(${held(file)} or exists (select 1 from object_hold o
    where o.team_id = ${sql.ref(`${file}.team_id`)} and o.file_id = ${sql.ref(`${file}.file_id`)}
      and o.applied = ${sql.lit(LEGAL_HOLD.ours)})
    or exists (select 1 from file_version v
    where v.team_id = ${sql.ref(`${file}.team_id`)} and v.file_id = ${sql.ref(`${file}.file_id`)}
      and v.lost_at is null and v.hold_applied = ${sql.lit(LEGAL_HOLD.ours)}))`;
}

/** For a row of `file` known as `f`: whether a hold with this scope would cover it. */
export function coversScope(scope: HoldScope): RawBuilder<boolean> {
  const { personId, channelId, fileId, fileIds, sharedFrom, sharedUntil } = scope;
  const text = (value: string | null) => sql`cast(${value} as text)`;
  const moment = (value: number | null) => sql`cast(${value} as bigint)`;
  const row = sql`select ${text(personId)} as person_id, ${text(channelId)} as channel_id, ${text(fileId)} as file_id,
    ${text(fileIds?.join(' ') ?? null)} as file_ids, ${moment(sharedFrom)} as shared_from,
    ${moment(sharedUntil)} as shared_until`;
  return sql<boolean>`exists (select 1 from (${row}) h where ${covers('h', 'f')})`;
}

function covers(hold: string, file: string): RawBuilder<boolean> {
  const h = (column: string) => sql.ref(`${hold}.${column}`);
  const f = (column: string) => sql.ref(`${file}.${column}`);
  const shares = sql`select 1 from share s where s.team_id = ${f('team_id')} and s.file_id = ${f('file_id')}`;
  return sql<boolean>`(${h('file_id')} is null or ${h('file_id')} = ${f('file_id')})
    and (${h('file_ids')} is null or ' ' || ${h('file_ids')} || ' ' like '% ' || ${f('file_id')} || ' %')
    and (${h('person_id')} is null or ${h('person_id')} = ${f('uploader_id')}
      or exists (${shares} and s.user_id = ${h('person_id')}))
    and (${h('channel_id')} is null or exists (${shares} and s.channel_id = ${h('channel_id')}))
    and ((${h('shared_from')} is null and ${h('shared_until')} is null) or exists (${shares}
      and (${h('shared_from')} is null or s.shared_at >= ${h('shared_from')})
      and (${h('shared_until')} is null or s.shared_at < ${h('shared_until')})))`;
}

/**
 * Call it in a transaction that takes something away, before {@link isHeld}: no hold is set until that transaction
 * has ended. So everything held at the moment when a hold has been set stays.
 */
export function againstHolds(scope: Scope): Promise<void> {
  return lockShared(scope, LOCK);
}

const anyHold = prepared(
  (_: Scope, { teamId }: { teamId: string }) =>
    sql`select 1 from hold where team_id = ${teamId} and lifted_at is null limit 1`,
);

/** Whether any hold covers this file now. */
export async function isHeld(scope: Scope, { teamId, fileId }: FileRef): Promise<boolean> {
  // Most vaults have no hold at all, and PostgreSQL needs longer to plan the second query than for any other work.
  if ((await anyHold(scope, { teamId })).length === 0) return false;
  const { rows } = await sql`select 1 from file f
    where f.team_id = ${teamId} and f.file_id = ${fileId} and ${held('f')}`.execute(scope.db);
  return rows.length > 0;
}

/**
 * Puts files on hold, from the moment that this returns until it is lifted. Audited. Returns the hold's id, and for
 * how many of its files a purge, or the removal of an older version, was under way: those may be gone.
 */
export async function setHold(
  catalog: Catalog,
  o: { teamId: string; scope: HoldScope; reason: string; actorId: string; now: number },
): Promise<{ holdId: string; tooLate: number }> {
  const { teamId, reason, actorId, now } = o;
  const holdId = randomUUID();
  return inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, LOCK);
    const nobody = { liftedBy: null, liftedAt: null, leaseOwner: null, walkedTo: 0, walked: 0 };
    await scope.db
      .insertInto('hold')
      .values({
        ...toColumns(o.scope),
        holdId,
        teamId,
        reason,
        setBy: actorId,
        setAt: now,
        ...nobody,
        dueAt: now,
      })
      .execute();
    // The limit keeps SQLite to the few files under a lease; otherwise it would go through the whole trash.
    const { rows } = await sql<{ n: number }>`select count(*) as n
      from (select * from file where lease_owner is not null limit ${MOST_LEASES}) f
      join hold h on h.team_id = ${teamId} and h.hold_id = ${holdId}
      where f.state = 'trashed' and f.team_id = ${teamId} and ${covers('h', 'f')}`.execute(scope.db);
    // The cross joins make SQLite begin with the versions; otherwise it would go through all files.
    const older = await sql<{ n: number }>`select count(distinct f.id) as n
      from (select * from file_version where due_at is not null and lease_owner is not null limit ${MOST_LEASES}) v
      cross join file f cross join hold h
      where f.team_id = v.team_id and f.file_id = v.file_id and h.team_id = v.team_id and h.hold_id = ${holdId}
        and v.team_id = ${teamId} and ${covers('h', 'f')}`.execute(scope.db);
    await auditHold(scope, { teamId, holdId, ...o.scope, reason }, 'hold_set', actorId, now);
    return { holdId, tooLate: Number(rows[0]?.n ?? 0) + Number(older.rows[0]?.n ?? 0) };
  });
}

/** Lifts a hold; files covered by other holds stay held. Audited. False when it is not in force. */
export async function liftHold(
  catalog: Catalog,
  o: { teamId: string; holdId: string; actorId: string; now: number },
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const lifted = await scope.db
      .updateTable('hold')
      .set({ liftedBy: o.actorId, liftedAt: o.now, dueAt: o.now, leaseOwner: null, walkedTo: 0, walked: 0 })
      .where('teamId', '=', o.teamId)
      .where('holdId', '=', o.holdId)
      .where('liftedAt', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!lifted) return false;
    await auditHold(scope, toHold(lifted), 'hold_lifted', o.actorId, o.now);
    return true;
  });
}

type Told = Pick<Hold, 'teamId' | 'holdId' | 'reason' | keyof HoldScope>;

function auditHold(
  scope: Scope,
  hold: Told,
  action: 'hold_set' | 'hold_lifted',
  actorId: string,
  at: number,
): Promise<void> {
  const { teamId, holdId, fileId, fileIds, channelId, personId, sharedFrom, sharedUntil, reason } = hold;
  const files = fileIds ? { files: fileIds.length } : {};
  const detail = { holdId, reason, personId, sharedFrom, sharedUntil, ...files };
  return recordAudit(scope, { at, teamId, actorId, action, fileId, channelId, detail });
}

/** The holds in force, newest first. */
export async function holdsInForce(scope: Scope, teamId: string, limit: number): Promise<Hold[]> {
  const rows = await scope.db
    .selectFrom('hold')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('liftedAt', 'is', null)
    .orderBy('setAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toHold);
}

export async function countHolds({ db }: Scope, teamId: string): Promise<number> {
  const { n } = await db
    .selectFrom('hold')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('teamId', '=', teamId)
    .where('liftedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** The holds in force that cover a file, newest first. */
export async function holdsOfFile(scope: Scope, { teamId, fileId }: FileRef): Promise<Hold[]> {
  if ((await anyHold(scope, { teamId })).length === 0) return [];
  const { rows } = await sql<Selectable<HoldTable>>`select h.* from hold h
    join file f on f.team_id = h.team_id and f.file_id = ${fileId}
    where h.team_id = ${teamId} and h.lifted_at is null and ${covers('h', 'f')}
    order by h.set_at desc, h.id desc`.execute(scope.db);
  return rows.map(toHold);
}

function toHold(row: Selectable<HoldTable>): Hold {
  const { id, dueAt, leaseOwner, attempts, walkedTo, fileIds, ...hold } = row;
  return { ...hold, fileIds: fileIds?.split(' ') ?? null, isWalking: dueAt !== null };
}

function toColumns({ fileIds, ...scope }: HoldScope) {
  return { ...scope, fileIds: fileIds?.join(' ') ?? null };
}

export type HoldRecord = Selectable<Schema['hold']>;

/** Claims holds that were set or lifted, to walk through their files. */
export function claimDueHolds(catalog: Catalog, claim: Claim): Promise<HoldRecord[]> {
  return claimDue<HoldRecord>(catalog, 'hold', claim);
}

export function nextHoldDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'hold');
}

/**
 * One step of the walk through the files of a hold that was set or lifted. Where the bucket has Object Lock, their
 * objects become due for a look. Files in the trash that waited for the hold's end become due again. False when the
 * lease is lost. The walk does not decide who may delete: {@link isHeld} does, from the first moment.
 */
export function applyHold(
  catalog: Catalog,
  hold: HoldRecord,
  owner: string,
  { objectLock, now }: { objectLock: boolean; now: number },
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const { db } = scope;
    const page = await sql<{ id: number; state: string; fileId: string; covered: number }>`
      select f.id, f.state, f.file_id, case when ${covers('h', 'f')} then 1 else 0 end as covered
      from (select * from file where id > ${hold.walkedTo} order by id limit ${WALK_FILES}) f
      join hold h on h.id = ${hold.id} order by f.id`.execute(db);
    const last = page.rows.at(-1);
    const files = page.rows.filter((row) => row.covered === 1);
    const isOver = page.rows.length < WALK_FILES;
    const result = await db
      .updateTable('hold')
      .set({
        walkedTo: last?.id ?? hold.walkedTo,
        walked: hold.walked + files.length,
        dueAt: isOver ? null : now,
        leaseOwner: null,
        attempts: 0,
      })
      .where('id', '=', hold.id)
      .where('leaseOwner', '=', owner)
      // If the hold was lifted during the walk, the walk begins again.
      .$if(hold.liftedAt === null, (query) => query.where('liftedAt', 'is', null))
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n) return false;
    for (const { id, fileId, state } of files) {
      if (objectLock && (state === 'storing' || state === 'stored' || state === 'trashed'))
        await wantObjectHold(
          scope,
          { teamId: hold.teamId, fileId },
          { wasHeld: hold.liftedAt !== null, now },
        );
      if (state === 'trashed' && hold.liftedAt !== null)
        await sql`update file set due_at = purge_at
          where id = ${id} and state = 'trashed' and lease_owner is null`.execute(db);
    }
    return true;
  });
}

/** Object Lock is in force in the bucket, and was not when holds were set: all their files are walked through again. */
export async function applyHoldsAgain({ db }: Catalog, now: number): Promise<void> {
  await sql`update hold set due_at = ${now}, walked_to = 0, walked = 0
    where lifted_at is null and due_at is null`.execute(db);
}
