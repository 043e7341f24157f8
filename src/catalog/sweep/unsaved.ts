import { sql } from 'kysely';
import { jsonTable } from '../db/dialect.ts';
import type { Catalog } from '../db/schema.ts';

/**
 * Those of these channels in which a file was shared since `since` (ms), as far as the catalog knows: Slack tells a bot of a
 * channel that it is not in only through files that it sees elsewhere, which name all their places.
 */
export async function sharedInAmong(
  { db, kind }: Catalog,
  o: { teamId: string; channelIds: readonly string[]; since: number },
): Promise<string[]> {
  if (o.channelIds.length === 0) return [];
  const after = String(Math.floor(Math.max(0, o.since) / 1_000)).padStart(10, '0');
  const { rows } = await sql<{ channelId: string }>`
    select distinct s.channel_id from ${jsonTable(kind, JSON.stringify(o.channelIds))} ids
    cross join share s where s.team_id = ${o.teamId} and s.channel_id = ids.id and s.ts >= ${after}
      and s.removed_at is null and s.via_vault = 0 order by s.channel_id`.execute(db);
  return rows.map(({ channelId }) => channelId);
}
