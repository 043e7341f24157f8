import { sql } from 'kysely';
import { limitTo } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { type Claim, dueRows, lease, WORK } from './due.ts';

/** The channel whose turn was last. Each worker keeps its own, and begins with none. */
export interface Turns {
  last: string;
}

/** Kinds of work where every row belongs to a channel. */
type ChannelWork = 'capture' | 'post';

/**
 * Claims like `claimDue`, but when more is due than asked for, the channels take turns: in the order of their ids,
 * after the last one, and in each channel the rows due for longest first. So nobody's files wait until a flood in
 * another channel is over, only until every channel has had a turn.
 */
export async function claimInTurn<Row extends { id: number }>(
  catalog: Catalog,
  work: ChannelWork,
  claim: Claim,
  turns: Turns,
): Promise<Row[]> {
  const { limit } = claim;
  if (limit < 1) return [];
  return inTransaction(catalog, async (scope) => {
    const due = await dueRows(scope, work, { ...claim, limit: limit + 1 });
    if (due.length <= limit) return lease<Row>(scope, work, claim, due);
    const chosen: number[] = [];
    const channels = await channelsInTurn(scope, work, claim, turns.last);
    for (const [index, channelId] of channels.entries()) {
      const share = Math.ceil((limit - chosen.length) / (channels.length - index));
      chosen.push(...(await dueRows(scope, work, { ...claim, limit: share }, channelId)));
      turns.last = channelId;
    }
    return lease<Row>(scope, work, claim, chosen);
  });
}

/**
 * Channels where something is due, at most as many as there are hands: those after the last, then from the first on.
 */
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
  scope: Scope,
  work: ChannelWork,
  { now, limit }: Claim,
  last: string,
): Promise<string[]> {
  const rows = await DUE_CHANNELS[work](scope, { now, limit, last });
  return rows.map(({ channelId }) => channelId);
}

const DUE_CHANNELS = { capture: dueChannels('capture'), post: dueChannels('post') };

function dueChannels(work: ChannelWork) {
  const { table: name, condition } = WORK[work];
  const table = sql.table(name);
  return prepared(
    (_: Scope, { now, limit, last }: { now: number; limit: number; last: string }) => sql<{
      channelId: string;
    }>`
    with recursive turn (channel_id) as (
      select min(channel_id) from ${table} where ${condition} and channel_id > ${last}
      union all
      select (select min(channel_id) from ${table} where ${condition} and channel_id > turn.channel_id)
      from turn where turn.channel_id is not null)
    select channel_id from turn where channel_id is not null and exists (
      select 1 from ${table} t where ${condition} and t.channel_id = turn.channel_id and due_at <= ${now})
    ${limitTo(limit)}`,
  );
}
