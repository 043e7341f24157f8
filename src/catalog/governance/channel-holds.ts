import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';

/**
 * How many holds in force may cover files of this channel. Those on another channel, and on a file that was never shared here, do
 * not; all others may.
 */
export async function countHoldsHere(
  { db }: Scope,
  { teamId, channelId }: { teamId: string; channelId: string },
): Promise<number> {
  const { rows } = await sql<{ holds: number }>`select count(*) as holds from hold h
    where h.team_id = ${teamId} and h.lifted_at is null
      and (h.channel_id is null or h.channel_id = ${channelId})
      and (h.file_id is null or exists (select 1 from share s
        where s.team_id = h.team_id and s.file_id = h.file_id and s.channel_id = ${channelId}))`.execute(db);
  return Number(rows[0]?.holds ?? 0);
}
