import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Scope } from '../db/schema.ts';
import { placesIn } from '../search/said.ts';
import type { SaidRecord } from './said.ts';
import { IS_HIDDEN } from './said-hidden.ts';

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
  const reach = { teamId, channelIds: [...o.channelIds], hidden: [], ownUserId: '' };
  const { seen } = await placesIn(scope, reach, byDefault);
  if (seen.length === 0) return [];
  const { rows } = await sql<SaidRecord>`select d.* from ${idTable(scope.kind, [...new Set(fileIds)])} ids
    cross join said d where d.team_id = ${teamId} and d.file_id = ids.id
      and d.channel_id in (select id from ${idTable(scope.kind, seen)} c) and not ${IS_HIDDEN}
    order by d.ts desc limit ${MOST * fileIds.length}`.execute(scope.db);
  return rows;
}
