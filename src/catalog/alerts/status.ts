import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';
import { channelIdsWithFiles, channels } from '../files/channels.ts';

/** When the last sweep of any channel ended (ms), and the channels whose last one failed. */
export async function sweepStatus(
  catalog: Catalog,
  teamId: string,
): Promise<{ lastAt: number | null; unreadable: string[] }> {
  const { rows } = await sql<{ lastAt: number | null }>`
    select max(swept_at) as last_at from sweep where team_id = ${teamId}`.execute(catalog.db);
  const failed = await catalog.db
    .selectFrom('sweep')
    .select('channelId')
    .where('teamId', '=', teamId)
    .where('errorCode', 'is not', null)
    .orderBy('channelId')
    .execute();
  return { lastAt: rows[0]?.lastAt ?? null, unreadable: failed.map(({ channelId }) => channelId) };
}

/** How many channels the bot is in, and which channels with files in the vault it has left. */
export async function channelStatus(
  catalog: Catalog,
  teamId: string,
): Promise<{ covered: number; left: string[] }> {
  const [known, withFiles] = await Promise.all([
    channels(catalog, teamId),
    channelIdsWithFiles(catalog, teamId),
  ]);
  const files = new Set(withFiles);
  const isChannel = ({ kind }: { kind: string }) => kind !== 'im';
  return {
    covered: known.filter((channel) => channel.isMember && isChannel(channel)).length,
    left: known
      .filter((channel) => !channel.isMember && !channel.isArchived && isChannel(channel))
      .filter(({ channelId }) => files.has(channelId))
      .map(({ channelId }) => channelId),
  };
}
