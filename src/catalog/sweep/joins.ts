import { sql } from 'kysely';
import { DAY_MS } from '../../time.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import type { ChannelJoinTable } from '../db/schema-sweep.ts';
import { type Claim, claimDue, nextDue } from '../queue/due.ts';

/** Rows per statement. */
const ROWS_AT_ONCE = 200;
/** What Slack refused for good is tried again after this time: channels change. */
const AGAIN_MS = DAY_MS;

export interface DueJoin {
  id: number;
  teamId: string;
  channelId: string;
  name: string | null;
  /** The admin who asked for it; null: by the rule of VAULT_JOIN. */
  wantedBy: string | null;
  /** Since when it is to be joined (ms). */
  wantedAt: number;
  attempts: number;
}

/**
 * The bot is to join these channels. What is wanted already stays as it is. An admin's wish counts more than the rule, and
 * makes a channel due again that Slack refused.
 */
export async function wantJoins(
  { db }: Scope,
  o: {
    teamId: string;
    channels: ReadonlyArray<{ channelId: string; name: string | null }>;
    wantedBy: string | null;
    now: number;
  },
): Promise<void> {
  const { teamId, wantedBy, now } = o;
  const again =
    wantedBy === null
      ? sql<boolean>`channel_join.refused is not null and channel_join.wanted_at <= ${now - AGAIN_MS}`
      : sql<boolean>`channel_join.lease_owner is null`;
  for (let at = 0; at < o.channels.length; at += ROWS_AT_ONCE) {
    const rows = o.channels.slice(at, at + ROWS_AT_ONCE).map(({ channelId, name }) => ({
      ...{ teamId, channelId, name, wantedBy, wantedAt: now, refused: null, dueAt: now, leaseOwner: null },
    }));
    await db
      .insertInto('channelJoin')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['teamId', 'channelId'])
          .doUpdateSet({ wantedBy, wantedAt: now, refused: null, dueAt: now, attempts: 0 })
          .where(again),
      )
      .execute();
  }
}

export function claimDueJoins(catalog: Catalog, claim: Claim): Promise<DueJoin[]> {
  return claimDue<ChannelJoinTable & DueJoin>(catalog, 'channelJoin', claim).then((rows) =>
    rows.map(({ id, teamId, channelId, name, wantedBy, wantedAt, attempts }) => ({
      ...{ id, teamId, channelId, name, wantedBy, wantedAt, attempts },
    })),
  );
}

/** When the next channel is to be joined (ms), or null. */
export function nextJoinDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'channelJoin');
}

/** The bot is in, or (`refused`) Slack does not let it in. The row stays: it says that the bot came by itself. */
export function joinOver(
  catalog: Catalog,
  row: DueJoin,
  owner: string,
  refused: string | null = null,
): Promise<boolean> {
  return change(catalog, row, owner, { dueAt: null, leaseOwner: null, refused });
}

/** The work goes on: the row stays this bot's until then (ms). False when another bot has taken it. */
export function renewJoin(catalog: Catalog, row: DueJoin, owner: string, until: number): Promise<boolean> {
  return change(catalog, row, owner, { dueAt: until, leaseOwner: owner });
}

/** Not now: again at `dueAt`. */
export function deferJoin(catalog: Catalog, row: DueJoin, owner: string, dueAt: number): Promise<boolean> {
  return change(catalog, row, owner, { dueAt, leaseOwner: null });
}

async function change(
  { db }: Catalog,
  { id }: DueJoin,
  owner: string,
  set: { dueAt: number | null; leaseOwner: string | null; refused?: string | null },
): Promise<boolean> {
  const result = await db
    .updateTable('channelJoin')
    .set(set)
    .where('id', '=', id)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The channel is not to be joined any more, and if the bot is in, it counts as brought by a person. */
export async function forgetJoin(
  { db }: Scope,
  { teamId, channelId }: { teamId: string; channelId: string },
): Promise<void> {
  await db
    .deleteFrom('channelJoin')
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .execute();
}

/** Whether the bot joined this channel by itself, or is about to. */
export async function joinsByItself({ db }: Scope, teamId: string, channelId: string): Promise<boolean> {
  const row = await db
    .selectFrom('channelJoin')
    .select('id')
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .where('refused', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** The channels that the bot is about to join. */
export async function joinsWaiting({ db }: Scope, teamId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('channelJoin')
    .select('channelId')
    .where('teamId', '=', teamId)
    .where('dueAt', 'is not', null)
    .execute();
  return new Set(rows.map(({ channelId }) => channelId));
}
