import { sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { channels as knownChannels } from '../files/channels.ts';
import type { BackfillState, ChannelRow } from '../model.ts';
import { addNotice } from '../notices/notices.ts';
import { targetOfBackfill } from '../notices/targets.ts';
import { type Backfill, type BackfillRow as Row, tellBackfill, toBackfill } from './backfills.ts';

/** `parent_id` of the backfill of all channels; its parts name its id. Its channel is where its message stands. */
export const WHOLE = 0;
/** Rows per statement. */
const ROWS_AT_ONCE = 100;
/** So many channels that could not be read are named. */
const NAMED = 5;

/** How far the backfill of all channels is. */
export interface PartSums {
  channels: number;
  done: number;
  /** Channels that Slack did not show, and the first of them. */
  failed: number;
  failedIds: string[];
  running: number;
  pages: number;
  messages: number;
  /** Files that the vault had before; files found, and of these, stored and left out. */
  known: number;
  found: number;
  stored: number;
  skipped: number;
}

const RUNNING: readonly BackfillState[] = ['walking', 'storing'];

/**
 * Starts a backfill of every channel that the bot is in, with one message, in `channelId`. If one runs already, nothing
 * changes. One that was stopped goes on where it was.
 */
export async function startBackfillOfAll(
  catalog: Catalog,
  o: { teamId: string; channelId: string; requestedBy: string; now: number },
): Promise<{ backfill: Backfill; isNew: boolean }> {
  const { teamId, channelId, requestedBy, now } = o;
  return inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, `backfill of all ${teamId}`);
    const last = await lastOfAll(scope, teamId);
    if (last && RUNNING.includes(last.state)) return { backfill: toBackfill(last), isNew: false };
    const started = {
      ...{
        teamId,
        channelId,
        requestedBy,
        channelCreatedAt: null,
        state: 'walking' as const,
        startedAt: now,
      },
      ...{ stoppedBy: null, endedAt: null, errorCode: null, dueAt: now, leaseOwner: null, attempts: 0 },
      ...{ toldAt: now, position: null, parentId: WHOLE },
    };
    const row =
      last?.state === 'stopped'
        ? await scope.db
            .updateTable('backfill')
            .set(started)
            .where('id', '=', last.id)
            .returningAll()
            .executeTakeFirstOrThrow()
        : await scope.db.insertInto('backfill').values(started).returningAll().executeTakeFirstOrThrow();
    await startParts(scope, row, now);
    const place = targetOfBackfill(row.id, now, channelId, now);
    const notice = { kind: 'backfill', backfillId: row.id, actorId: requestedBy } as const;
    await addNotice(scope, { teamId, place, notice, now });
    return { backfill: toBackfill(row), isNew: true };
  });
}

async function lastOfAll({ db }: Scope, teamId: string): Promise<Row | undefined> {
  return db
    .selectFrom('backfill')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('parentId', '=', WHOLE)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/**
 * A part for each channel: what was stopped or failed before goes on where it was, and a channel that is walked already
 * is left alone. They are due one after the other, so that each has its turn.
 */
async function startParts(scope: Scope, parent: Row, now: number): Promise<void> {
  const { teamId, id: parentId, requestedBy } = parent;
  const { rows } = await sql<LastRow>`
    select b.id, b.channel_id, b.state, b.position, b.parent_id from backfill b join (
      select max(id) as id from backfill where team_id = ${teamId}
        and (parent_id is null or parent_id <> ${WHOLE}) group by channel_id) l on l.id = b.id`.execute(
    scope.db,
  );
  const last = new Map(rows.map((row) => [row.channelId, row]));
  const wanted = (await knownChannels(scope, teamId)).filter(hasPast);
  const started = { requestedBy, parentId, state: 'walking' as const, startedAt: now, stoppedBy: null };
  const fresh = { endedAt: null, errorCode: null, leaseOwner: null, attempts: 0 };
  const again: number[] = [];
  const anew: ChannelRow[] = [];
  for (const channel of wanted) {
    const before = last.get(channel.channelId);
    if (before === undefined) anew.push(channel);
    else if (RUNNING.includes(before.state)) continue;
    else if (before.state !== 'done' && before.position !== null) again.push(before.id);
    // Of this very backfill, what is done stays done.
    else if (before.state !== 'done' || before.parentId !== parentId) anew.push(channel);
  }
  for (let at = 0; at < again.length; at += ROWS_AT_ONCE)
    await scope.db
      .updateTable('backfill')
      .set({ ...started, ...fresh, dueAt: now })
      .where('id', 'in', again.slice(at, at + ROWS_AT_ONCE))
      .execute();
  for (let at = 0; at < anew.length; at += ROWS_AT_ONCE)
    await scope.db
      .insertInto('backfill')
      .values(
        anew.slice(at, at + ROWS_AT_ONCE).map(({ channelId, createdAt = null }, place) => ({
          ...{ ...started, ...fresh, teamId, channelId, channelCreatedAt: createdAt },
          ...{ toldAt: now, position: null, reachedAt: null, dueAt: now + at + place },
        })),
      )
      .execute();
}

/** Channels and group messages that the bot is in, archived ones too. */
function hasPast({ kind, isMember }: ChannelRow): boolean {
  return kind !== 'im' && isMember;
}

interface LastRow {
  id: number;
  channelId: string;
  state: BackfillState;
  position: string | null;
  parentId: number | null;
}

/** Ends the walk of all channels; files that were found are still stored. False when none is walking. */
export async function stopBackfillOfAll(
  catalog: Catalog,
  o: { teamId: string; actorId: string; now: number },
): Promise<boolean> {
  const { teamId, actorId, now } = o;
  return inTransaction(catalog, async (scope) => {
    const stopped = {
      state: 'storing' as const,
      stoppedBy: actorId,
      dueAt: now,
      leaseOwner: null,
      attempts: 0,
    };
    const row = await scope.db
      .updateTable('backfill')
      .set(stopped)
      .where('teamId', '=', teamId)
      .where('parentId', '=', WHOLE)
      .where('state', '=', 'walking')
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return false;
    await scope.db
      .updateTable('backfill')
      .set(stopped)
      .where('parentId', '=', row.id)
      .where('state', '=', 'walking')
      .execute();
    await tellBackfill(scope, row, now);
    return true;
  });
}

/** How far the parts of a backfill of all channels are. */
export async function partSums({ db }: Scope, parentId: number): Promise<PartSums> {
  const { rows } = await sql<{
    state: BackfillState;
    channels: number;
    pages: number;
    messages: number;
    known: number;
    found: number;
    stored: number;
    skipped: number;
  }>`
    select state, count(*) as channels, sum(pages) as pages, sum(messages) as messages, sum(known) as known,
      sum(found) as found, sum(stored) as stored, sum(skipped) as skipped
    from backfill where parent_id = ${parentId} group by state`.execute(db);
  const sum = (name: 'channels' | 'pages' | 'messages' | 'known' | 'found' | 'stored' | 'skipped') =>
    rows.reduce((all, row) => all + Number(row[name]), 0);
  const inState = (...states: BackfillState[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((all, row) => all + Number(row.channels), 0);
  const failed = inState('failed');
  const named = failed === 0 ? [] : await failedParts({ db }, parentId);
  return {
    ...{ channels: sum('channels'), pages: sum('pages'), messages: sum('messages'), known: sum('known') },
    ...{ found: sum('found'), stored: sum('stored'), skipped: sum('skipped') },
    ...{ done: inState('done'), failed, failedIds: named, running: inState('walking', 'storing') },
  };
}

async function failedParts({ db }: Pick<Scope, 'db'>, parentId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('backfill')
    .select('channelId')
    .where('parentId', '=', parentId)
    .where('state', '=', 'failed')
    .orderBy('id')
    .limit(NAMED)
    .execute();
  return rows.map(({ channelId }) => channelId);
}

/** How many parts still run. */
export async function partsRunning({ db }: Scope, parentId: number): Promise<number> {
  const { rows } = await sql<{ parts: number }>`
    select count(*) as parts from backfill where parent_id = ${parentId}
      and state in ('walking', 'storing')`.execute(db);
  return Number(rows[0]?.parts ?? 0);
}

/** How many files that backfills found wait for capture, counted up to `most`. */
export async function waitingOfBackfills({ db }: Scope, most: number): Promise<number> {
  const { rows } = await sql<{ files: number }>`
    select count(*) as files from (select 1 from file where state in ('pending', 'storing')
      and backfill_id is not null limit ${sql.lit(most)}) waiting`.execute(db);
  return Number(rows[0]?.files ?? 0);
}
