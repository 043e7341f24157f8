import { type SqlBool, sql } from 'kysely';
import type { Catalog, Schema } from '../db/schema.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';

/** The row that stands for the round: all channels are looked up, and then each of them is swept. */
const ROUND = '';
/** Rows per statement. */
const ROWS_AT_ONCE = 200;

/** A walk through one channel, or (`isRound`) the look at all of them, as it was claimed. */
export interface DueSweep {
  id: number;
  teamId: string;
  channelId: string;
  isRound: boolean;
  sweptTo: number;
  metAt: number;
  beganAt: number | null;
  /** When the last walk ended; null for a channel that was not walked since the bot joined it. */
  sweptAt: number | null;
  newest: number | null;
  position: string | null;
  found: number;
  attempts: number;
}

/** Claims sweeps that are due: each claim is for one page, and then the row goes to the end of the queue. */
export async function claimDueSweeps(catalog: Catalog, claim: Claim): Promise<DueSweep[]> {
  const rows = await claimDue<Omit<Schema['sweep'], 'id' | 'attempts' | 'found'> & DueSweep>(
    catalog,
    'sweep',
    claim,
  );
  return rows.map(
    ({ id, teamId, channelId, sweptTo, metAt, beganAt, sweptAt, newest, position, found, attempts }) => ({
      ...{ id, teamId, channelId, sweptTo, metAt, beganAt, sweptAt, newest, position, found, attempts },
      isRound: channelId === ROUND,
    }),
  );
}

/** When the next sweep is due (ms), or null. */
export function nextSweepDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'sweep');
}

/**
 * Asks for a sweep of a channel, now, or when the current walk is over. A channel that was never swept is looked at
 * back to `since` (ms). `metAt` is since when the vault has known of it.
 */
export async function wantSweep(
  catalog: Catalog,
  o: { teamId: string; channelId: string; since: number; metAt?: number; now: number },
): Promise<void> {
  const { teamId, channelId, since: sweptTo, metAt = o.now, now } = o;
  await want(catalog, { teamId, channelId, sweptTo, metAt, wantedAt: now, now });
}

/** Asks for a round, now. With `againAt` another one follows then, because the cause of this one may still be there. */
export async function wantRound(
  catalog: Catalog,
  o: { teamId: string; now: number; againAt?: number },
): Promise<void> {
  const { teamId, now, againAt: wantedAt = now } = o;
  await want(catalog, { teamId, channelId: ROUND, sweptTo: now, metAt: now, wantedAt, now });
}

/** The same as `wantSweep` for many channels, in few statements. */
export async function wantSweeps(
  catalog: Catalog,
  o: { teamId: string; channelIds: readonly string[]; since: number; now: number },
): Promise<void> {
  const { teamId, channelIds, since: sweptTo, now } = o;
  for (let at = 0; at < channelIds.length; at += ROWS_AT_ONCE)
    await want(
      catalog,
      ...channelIds
        .slice(at, at + ROWS_AT_ONCE)
        .map((channelId) => ({ teamId, channelId, sweptTo, metAt: now, wantedAt: now, now })),
    );
}

/**
 * The vault knows from now on that it is in these channels, and walks them later: what is shared meanwhile is news then. Nothing
 * changes for a channel that it knows.
 */
export async function knowChannels(
  { db }: Catalog,
  o: { teamId: string; channelIds: readonly string[]; since: number; now: number },
): Promise<void> {
  const { teamId, channelIds, since: sweptTo, now } = o;
  const row = { teamId, sweptTo, metAt: now, wantedAt: 0, dueAt: null, leaseOwner: null };
  for (let at = 0; at < channelIds.length; at += ROWS_AT_ONCE)
    await db
      .insertInto('sweep')
      .values(channelIds.slice(at, at + ROWS_AT_ONCE).map((channelId) => ({ ...row, channelId }) as never))
      .onConflict((conflict) => conflict.columns(['teamId', 'channelId']).doNothing())
      .execute();
}

interface Wanted {
  teamId: string;
  channelId: string;
  sweptTo: number;
  metAt: number;
  wantedAt: number;
  now: number;
}

/** The rows are of different channels. */
async function want({ db }: Catalog, ...rows: Wanted[]): Promise<void> {
  await db
    .insertInto('sweep')
    .values(rows.map(({ now, ...row }) => ({ ...row, dueAt: now, leaseOwner: null }) as never))
    .onConflict((conflict) =>
      conflict.columns(['teamId', 'channelId']).doUpdateSet({
        wantedAt: sql`case when sweep.wanted_at > excluded.wanted_at then sweep.wanted_at else excluded.wanted_at end`,
        // What waits already keeps its place: otherwise the last ones never have their turn.
        dueAt: sql`case when sweep.lease_owner is null and (sweep.due_at is null or sweep.due_at > excluded.due_at)
          then excluded.due_at else sweep.due_at end`,
      }),
    )
    .execute();
}

/**
 * The bot came into a channel: it is swept from then on, whatever was known of it before. Files shared while the bot
 * was out stay out, until somebody asks for a backfill.
 */
export async function meetChannel(
  catalog: Catalog,
  o: { teamId: string; channelId: string; joinedAt: number; now: number },
): Promise<void> {
  const { teamId, channelId, joinedAt, now } = o;
  await wantSweep(catalog, { teamId, channelId, since: joinedAt, metAt: joinedAt, now });
  await catalog.db
    .updateTable('sweep')
    .set({
      ...{ sweptTo: joinedAt, metAt: joinedAt, wantedAt: now, dueAt: now, leaseOwner: null },
      ...{ beganAt: null, sweptAt: null, position: null, newest: null, errorCode: null, attempts: 0 },
    })
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    // If Slack tells of a join again, that must not stop the walk that the join has begun.
    .where('metAt', '<', joinedAt)
    .execute();
}

/** One page is done: the walk continues from `position`, after the other channels have had their turn. */
export function saveSweep(
  catalog: Catalog,
  row: DueSweep,
  owner: string,
  o: { beganAt: number; newest: number | null; position: string; found: number; now: number },
): Promise<boolean> {
  const { now, ...walk } = o;
  return update(catalog, row, owner, {
    ...walk,
    ...{ dueAt: now, leaseOwner: null, attempts: 0, errorCode: null },
  });
}

/** The walk is over. Everything up to the newest moment that Slack showed at its beginning is known. */
export function finishSweep(
  catalog: Catalog,
  row: DueSweep,
  owner: string,
  o: { beganAt: number; newest: number | null; found: number; nextAt: number | null; now: number },
): Promise<boolean> {
  return update(catalog, row, owner, {
    sweptTo: Math.max(row.sweptTo, o.newest ?? 0),
    ...{ found: o.found, sweptAt: o.now, beganAt: null, position: null, newest: null },
    ...{ leaseOwner: null, attempts: 0, errorCode: null },
    dueAt: sql<
      number | null
    >`case when wanted_at > ${o.beganAt} then wanted_at else ${sql.val(o.nextAt)} end`,
  });
}

/** The channel cannot be read, for this reason; the next round tries again if the bot is still in it. */
export function endSweep(catalog: Catalog, row: DueSweep, owner: string, code: string): Promise<boolean> {
  return update(catalog, row, owner, {
    ...{ beganAt: null, position: null, newest: null, leaseOwner: null, dueAt: null, errorCode: code },
  });
}

/** An attempt failed, or was stopped: the same page again, at `dueAt`. */
export function deferSweep(
  catalog: Catalog,
  row: DueSweep,
  owner: string,
  o: { dueAt: number; code: string | null },
): Promise<boolean> {
  return update(catalog, row, owner, { leaseOwner: null, dueAt: o.dueAt, errorCode: o.code });
}

async function update({ db }: Catalog, row: DueSweep, owner: string, set: object): Promise<boolean> {
  const result = await db
    .updateTable('sweep')
    .set(set)
    .where('id', '=', row.id)
    .where('leaseOwner', '=', owner)
    // The bot may have left and joined meanwhile, which starts another walk.
    .where('metAt', '=', row.metAt)
    .where(sql<SqlBool>`began_at is not distinct from ${row.beganAt}`)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
