import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';

/** What the vault has of a channel: its stored files, and since when the bot has been in it (ms). */
export interface ChannelFacts {
  files: number;
  bytes: number;
  isMember: boolean;
  since: number | null;
}

/** Reads sums that are kept anyway: it costs the same for ten files and for a million. */
export async function channelFacts(
  { db }: Catalog,
  teamId: string,
  channelId: string,
): Promise<ChannelFacts> {
  const { rows } = await sql<{
    files: number | null;
    bytes: number | null;
    member: number | null;
    since: number | null;
  }>`
    select
      (select sum(a.files) from audience_channel ac join audience a on a.id = ac.audience_id
        where ac.team_id = ${teamId} and ac.channel_id = ${channelId}) as files,
      (select sum(a.bytes) from audience_channel ac join audience a on a.id = ac.audience_id
        where ac.team_id = ${teamId} and ac.channel_id = ${channelId}) as bytes,
      (select is_member from channel where team_id = ${teamId} and channel_id = ${channelId}) as member,
      (select met_at from sweep where team_id = ${teamId} and channel_id = ${channelId}) as since`.execute(
    db,
  );
  const [row] = rows;
  return {
    files: Number(row?.files ?? 0),
    bytes: Number(row?.bytes ?? 0),
    isMember: row?.member === 1,
    since: row?.since ?? null,
  };
}
