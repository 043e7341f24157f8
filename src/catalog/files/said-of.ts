import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { placesIn } from '../search/said.ts';
import type { SaidRecord } from './said.ts';

/** So many messages with one file are looked at. */
const MOST = 200;

/**
 * What was said with these files in channels that the reader sees, the newest first. `byDefault`: whether it is shown where a channel
 * has no setting of its own.
 */
export async function saidOf(
  scope: Scope,
  o: { teamId: string; fileIds: readonly string[]; channelIds: readonly string[]; byDefault: boolean },
): Promise<SaidRecord[]> {
  const { teamId, fileIds, byDefault } = o;
  if (fileIds.length === 0) return [];
  const { seen } = await placesIn(scope, { teamId, channelIds: [...o.channelIds], hidden: [] }, byDefault);
  if (seen.length === 0) return [];
  const { rows } = await sql<SaidRecord>`select s.* from ${idTable(scope.kind, [...new Set(fileIds)])} ids
    cross join said s where s.team_id = ${teamId} and s.file_id = ids.id
      and s.channel_id in (select id from ${idTable(scope.kind, seen)} c)
    order by s.ts desc limit ${MOST * fileIds.length}`.execute(scope.db);
  return rows;
}
