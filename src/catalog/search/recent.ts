import { sql } from 'kysely';
import { IS_LISTED } from '../db/conditions.ts';
import { finds, idTable } from '../db/dialect.ts';
import { type Catalog, type FileRecord, toFileRow } from '../db/schema.ts';
import { EVERY_FILE } from '../derived/update.ts';
import type { ListedFile } from '../model.ts';

/**
 * The newest files of these channels and of the person's own uploads anywhere, each file once. Files on their way or
 * not kept are in their place among them.
 */
export async function recentFiles(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; ownUserId?: string; limit: number },
): Promise<ListedFile[]> {
  const { teamId, limit } = o;
  // Only the newest few of each channel can be among the newest few of all.
  const listed = sql`
    select l.channel_id, l.shared_at, l.file_id
    from (
      select ids.id, (
        select n.shared_at from listing n
        where n.team_id = ${teamId} and n.channel_id = ids.id and n.tag = ${EVERY_FILE}
        order by n.shared_at desc, n.file_id desc limit 1 offset ${limit - 1}) as since
      from ${idTable(catalog.kind, o.channelIds)} ids) c
    cross join listing l
    where l.team_id = ${teamId} and l.channel_id = c.id and l.tag = ${EVERY_FILE}
      and l.shared_at >= coalesce(c.since, 0)`;
  // Files that were gone before they had a name are not shown either; see listed.ts.
  const isListed = finds(
    catalog.kind,
    sql`select 1 from channel_file p
      where p.team_id = file.team_id and p.file_id = file.file_id and p.listed_as is not null`,
  );
  const own = sql`
    select channel_id, shared_at, file_id from (
      select channel_id, shared_at, file_id from file
      where team_id = ${teamId} and uploader_id = ${o.ownUserId ?? null} and ${IS_LISTED} and ${isListed}
      order by shared_at desc, file_id desc limit ${limit}) own`;
  const { rows } = await sql<ListedRecord>`
    select f.*, e.channel_id as listed_channel_id, e.shared_at as listed_at,
      coalesce(c.shared_by, f.uploader_id) as listed_by
    from (
      select channel_id, shared_at, file_id from (
        select channel_id, shared_at, file_id,
          row_number() over (partition by file_id order by shared_at desc, channel_id) as place
        from (${listed} union all ${own}) candidates) placed
      where place = 1 order by shared_at desc, file_id desc limit ${limit}) e
    join file f on f.team_id = ${teamId} and f.file_id = e.file_id
    left join channel_file c on c.team_id = ${teamId} and c.file_id = e.file_id and c.channel_id = e.channel_id
    order by e.shared_at desc, e.file_id desc`.execute(catalog.db);
  return rows.map(toFileRow);
}

type ListedRecord = FileRecord & Pick<ListedFile, 'listedChannelId' | 'listedAt' | 'listedBy'>;
