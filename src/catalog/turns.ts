import { sql } from 'kysely';
import { type Claim, claimDueIn, WORK } from './due.ts';
import type { Catalog, Scope } from './tables/schema.ts';
import { inTransaction } from './transaction.ts';

/** The channel whose turn it was last. Each worker keeps its own, and begins with none. */
export interface Turns {
  last: string;
}

/** Work of which every row belongs to a channel. */
type ChannelWork = 'capture' | 'post';

/**
 * Claims as `claimDue`, but when more is due than is asked for, the channels take turns: in the order of their ids, from
 * the one after the last, and in each of them what has been due for longest. So nobody's files wait until a flood in
 * another channel is over, but only until everybody has had a turn.
 */
export async function claimInTurn<Row extends { id: number }>(
  catalog: Catalog,
  work: ChannelWork,
  claim: Claim,
  turns: Turns,
): Promise<Row[]> {
  if (claim.limit < 1) return [];
  return inTransaction(catalog, async (scope) => {
    if (!(await isTooMuch(scope, work, claim))) return claimDueIn<Row>(scope, work, claim);
    const rows: Row[] = [];
    const channels = await channelsInTurn(scope, work, claim, turns.last);
    for (const [index, channelId] of channels.entries()) {
      const limit = Math.ceil((claim.limit - rows.length) / (channels.length - index));
      const inChannel = sql<boolean>`channel_id = ${channelId}`;
      rows.push(...(await claimDueIn<Row>(scope, work, { ...claim, limit }, inChannel)));
      turns.last = channelId;
    }
    return rows;
  });
}

/** Whether more is due than is asked for. */
async function isTooMuch({ db }: Scope, work: ChannelWork, { now, limit }: Claim): Promise<boolean> {
  const { table, condition } = WORK[work];
  const { rows } = await sql`
    select id from ${sql.table(table)} where due_at <= ${now} and ${condition}
    order by due_at limit ${limit + 1}`.execute(db);
  return rows.length > limit;
}

/** Channels where something is due, as many as there are hands: those after the last, then from the first on. */
async function channelsInTurn(
  scope: Scope,
  work: ChannelWork,
  claim: Claim,
  last: string,
): Promise<string[]> {
  const after = await channelsAfter(scope, work, claim, last);
  if (after.length === claim.limit || last === '') return after;
  const fromStart = await channelsAfter(scope, work, claim, '');
  return [...new Set([...after, ...fromStart])].slice(0, claim.limit);
}

/** Steps from channel to channel along an index, and never through all the rows of one. */
async function channelsAfter(
  { db }: Scope,
  work: ChannelWork,
  { now, limit }: Claim,
  last: string,
): Promise<string[]> {
  const { table: name, condition } = WORK[work];
  const table = sql.table(name);
  const { rows } = await sql<{ channelId: string }>`
    with recursive turn (channel_id) as (
      select min(channel_id) from ${table} where ${condition} and channel_id > ${last}
      union all
      select (select min(channel_id) from ${table} where ${condition} and channel_id > turn.channel_id)
      from turn where turn.channel_id is not null)
    select channel_id from turn where channel_id is not null and exists (
      select 1 from ${table} t where ${condition} and t.channel_id = turn.channel_id and due_at <= ${now})
    limit ${limit}`.execute(db);
  return rows.map(({ channelId }) => channelId);
}
