import { type Selectable, sql } from 'kysely';
import { idTable, lockExclusive } from '../db/dialect.ts';
import type { Catalog, Schema, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { BackfillState, SkipReason } from '../model.ts';
import { addNotice, touchPost } from '../notices/notices.ts';
import { targetOfBackfill } from '../notices/targets.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';

/** A person watches the message, and each edit is a call to Slack: this is often enough. */
const TELL_EVERY_MS = 3_000;

/** A walk through a channel's whole history. Times are ms. */
export interface Backfill {
  id: number;
  teamId: string;
  channelId: string;
  state: BackfillState;
  requestedBy: string;
  stoppedBy: string | null;
  startedAt: number;
  endedAt: number | null;
  channelCreatedAt: number | null;
  reachedAt: number | null;
  pages: number;
  messages: number;
  known: number;
  errorCode: string | null;
  /** The backfill of all channels; `channelId` is where its message stands. */
  isOfAll?: true;
}

export type DueBackfill = Backfill & {
  position: string | null;
  attempts: number;
  /** The backfill of all channels that it is a part of, or null; 0: it is that backfill itself. */
  parentId: number | null;
};

/** The states of the files that a backfill found, except files that the vault had before. */
export interface BackfillFiles {
  stored: number;
  /** Waiting for capture or being captured. */
  waiting: number;
  failed: number;
  skipped: Partial<Record<SkipReason, number>>;
}

/**
 * Starts a backfill of a channel, with its message. If one runs already, nothing changes (`isNew` is false). One that
 * was stopped or failed continues where it was.
 */
export async function startBackfill(
  catalog: Catalog,
  o: {
    teamId: string;
    channelId: string;
    requestedBy: string;
    channelCreatedAt: number | null;
    now: number;
  },
): Promise<{ backfill: Backfill; isNew: boolean }> {
  const { teamId, channelId, requestedBy, channelCreatedAt, now } = o;
  return inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `backfill ${teamId} ${channelId}`);
    const before = await rowOf(scope, teamId, channelId);
    if (before?.state === 'walking' || before?.state === 'storing') {
      return { backfill: toBackfill(before), isNew: false };
    }
    const goesOn = before !== undefined && before.state !== 'done' && before.position !== null;
    const started = {
      ...{ teamId, channelId, requestedBy, channelCreatedAt, state: 'walking' as const, startedAt: now },
      ...{ stoppedBy: null, endedAt: null, errorCode: null, dueAt: now, leaseOwner: null, attempts: 0 },
      toldAt: now,
    };
    const row = goesOn
      ? await scope.db
          .updateTable('backfill')
          .set(started)
          .where('id', '=', before.id)
          .returningAll()
          .executeTakeFirstOrThrow()
      : await scope.db.insertInto('backfill').values(started).returningAll().executeTakeFirstOrThrow();
    const place = targetOfBackfill(row.id, now, channelId, now);
    const notice = { kind: 'backfill', backfillId: row.id, actorId: requestedBy } as const;
    await addNotice(scope, { teamId, place, notice, now });
    return { backfill: toBackfill(row), isNew: true };
  });
}

/** Ends the walk of a channel's backfill; files that it found are still stored. False when none is walking. */
export async function stopBackfill(
  catalog: Catalog,
  o: { teamId: string; channelId: string; actorId: string; now: number },
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const row = await scope.db
      .updateTable('backfill')
      .set({ state: 'storing', stoppedBy: o.actorId, dueAt: o.now, leaseOwner: null, attempts: 0 })
      .where('teamId', '=', o.teamId)
      .where('channelId', '=', o.channelId)
      .where(isOfOneChannel)
      .where('state', '=', 'walking')
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return false;
    await tellBackfill(scope, row, o.now);
    return true;
  });
}

/** Claims backfills that are due, each for one page. */
export async function claimDueBackfills(catalog: Catalog, claim: Claim): Promise<DueBackfill[]> {
  const rows = await claimDue<Row>(catalog, 'backfill', claim);
  return rows.map((row) => ({
    ...toBackfill(row),
    ...{ position: row.position, attempts: row.attempts, parentId: row.parentId ?? null },
  }));
}

/** When the next backfill is due (ms), or null. */
export function nextBackfillDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'backfill');
}

/** The result of one page of the walk: counted in the same write that moves the walk on, so never twice. */
export function saveBackfill(
  catalog: Catalog,
  backfill: DueBackfill,
  owner: string,
  o: {
    position: string | null;
    reachedAt: number | null;
    messages: number;
    known: number;
    files: BackfillFiles;
    now: number;
  },
): Promise<boolean> {
  return change(catalog, backfill, owner, o.now, false, {
    ...sumsFor(o.files),
    ...(o.position === null ? { state: 'storing' as const } : {}),
    position: o.position,
    reachedAt: o.reachedAt,
    pages: backfill.pages + 1,
    messages: backfill.messages + o.messages,
    known: backfill.known + o.known,
    ...{ dueAt: o.now, attempts: 0, errorCode: null },
  });
}

/** The backfill waits: for files to be stored, or for Slack. */
export function deferBackfill(
  catalog: Catalog,
  backfill: DueBackfill,
  owner: string,
  o: { dueAt: number; code: string | null; files?: BackfillFiles; now: number },
): Promise<boolean> {
  return change(catalog, backfill, owner, o.now, false, {
    ...(o.files === undefined ? {} : sumsFor(o.files)),
    ...{ dueAt: o.dueAt, errorCode: o.code },
    ...(o.code === null ? { attempts: 0 } : {}),
  });
}

/** The backfill is over. */
export function endBackfill(
  catalog: Catalog,
  backfill: DueBackfill,
  owner: string,
  o: { state: 'done' | 'stopped' | 'failed'; code: string | null; files?: BackfillFiles; now: number },
): Promise<boolean> {
  const { state, code: errorCode, files, now } = o;
  const sums = files === undefined ? {} : sumsFor(files);
  return change(catalog, backfill, owner, now, true, {
    ...sums,
    state,
    errorCode,
    endedAt: now,
    dueAt: null,
  });
}

/** What a part remembers of its files, so that the sum of all parts is quick. */
function sumsFor({ stored, waiting, failed, skipped }: BackfillFiles) {
  const left = Object.values(skipped).reduce((sum, n) => sum + n, 0);
  return { found: stored + waiting + failed + left, stored, skipped: left };
}

export async function backfillById(catalog: Catalog, id: number): Promise<Backfill | undefined> {
  const row = await catalog.db.selectFrom('backfill').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toBackfill(row);
}

export async function backfillFiles({ db }: Catalog, id: number): Promise<BackfillFiles> {
  const { rows } = await sql<{ state: string; reason: SkipReason | null; files: number }>`
    select state, reason, count(*) as files from file where backfill_id = ${id} and backfill_id is not null
    group by state, reason`.execute(db);
  const counted: BackfillFiles = { stored: 0, waiting: 0, failed: 0, skipped: {} };
  for (const { state, reason, files } of rows) {
    if (state === 'pending' || state === 'storing') counted.waiting += files;
    else if (state === 'failed') counted.failed += files;
    else if (state === 'skipped' && reason !== null) counted.skipped[reason] = files;
    else counted.stored += files;
  }
  return counted;
}

/** How many of these files came into the catalog in another way than by this backfill. */
export async function knownOtherwise(
  { db, kind }: Catalog,
  { teamId, id }: Pick<Backfill, 'teamId' | 'id'>,
  fileIds: string[],
): Promise<number> {
  const { rows } = await sql<{ files: number }>`
    select count(*) as files from ${idTable(kind, [...new Set(fileIds)])} ids
    cross join file f where f.team_id = ${teamId} and f.file_id = ids.id
      and f.backfill_id is distinct from ${id}`.execute(db);
  return Number(rows[0]?.files ?? 0);
}

type Row = Selectable<Schema['backfill']>;

export type { Row as BackfillRow };

async function rowOf({ db }: Scope, teamId: string, channelId: string): Promise<Row | undefined> {
  return db
    .selectFrom('backfill')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .where(isOfOneChannel)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Changes a backfill that still belongs to the owner. Updates its message now and then, or (`atOnce`) always. */
function change(
  catalog: Catalog,
  { id }: DueBackfill,
  owner: string,
  now: number,
  atOnce: boolean,
  set: Partial<Row>,
): Promise<boolean> {
  return inTransaction(catalog, async (scope) => {
    const row = await scope.db
      .updateTable('backfill')
      .set({ ...set, leaseOwner: null })
      .where('id', '=', id)
      .where('leaseOwner', '=', owner)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return false;
    if (atOnce || Math.abs(now - row.toldAt) >= TELL_EVERY_MS) await tellBackfill(scope, row, now);
    return true;
  });
}

/** Its message reads differently now; a part of the backfill of all channels has none of its own. */
export async function tellBackfill(
  scope: Scope,
  { id, teamId, channelId, startedAt }: Pick<Row, 'id' | 'teamId' | 'channelId' | 'startedAt'>,
  now: number,
): Promise<void> {
  await scope.db.updateTable('backfill').set({ toldAt: now }).where('id', '=', id).execute();
  await touchPost(scope, teamId, targetOfBackfill(id, startedAt, channelId, now));
}

export function toBackfill(row: Row): Backfill {
  const { position, attempts, dueAt, leaseOwner, toldAt, parentId, found, stored, skipped, ...backfill } =
    row;
  return { ...backfill, ...(parentId === 0 ? { isOfAll: true } : {}) };
}

/** Not the backfill of all channels, whose message stands in a direct message. */
const isOfOneChannel = sql<boolean>`coalesce(parent_id, -1) <> 0`;
