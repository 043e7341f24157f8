import { type RawBuilder, sql } from 'kysely';
import { IN_TROUBLE, ON_THE_WAY } from './conditions.ts';
import { idTable } from './dialect.ts';
import type { FileRow } from './model.ts';
import { type Catalog, type FileRecord, toFileRow } from './tables/schema.ts';

/** Whose view it is: the channels that the person can see, and their own uploads wherever they are. */
export interface Viewer {
  teamId: string;
  channelIds: string[];
  userId: string;
}

export interface Counted {
  /** The newest ones. */
  files: FileRow[];
  /** How many there are in all. */
  total: number;
}

/** Files that this person may know of and that wait for capture or are being captured. */
export function onTheWay(catalog: Catalog, viewer: Viewer, limit: number): Promise<Counted> {
  return counted(catalog, viewer, ON_THE_WAY, limit);
}

/** Files that this person may know of and that could not be captured, for a reason that somebody can mend. */
export function inTrouble(catalog: Catalog, viewer: Viewer, limit: number): Promise<Counted> {
  return counted(catalog, viewer, IN_TROUBLE, limit);
}

async function counted(
  catalog: Catalog,
  viewer: Viewer,
  condition: RawBuilder<boolean>,
  limit: number,
): Promise<Counted> {
  const visible = sql`from file where team_id = ${viewer.teamId} and ${condition}
    and (uploader_id = ${viewer.userId} or exists (
      select 1 from channel_file c
      where c.team_id = file.team_id and c.file_id = file.file_id
        and c.channel_id in (select id from ${idTable(catalog.kind, viewer.channelIds)} ids)))`;
  const [files, [count]] = await Promise.all([
    sql<FileRecord>`select * ${visible} order by shared_at desc, file_id desc limit ${limit}`.execute(
      catalog.db,
    ),
    sql<{ total: number }>`select cast(count(*) as bigint) as total ${visible}`
      .execute(catalog.db)
      .then(({ rows }) => rows),
  ]);
  return { files: files.rows.map(toFileRow), total: count?.total ?? 0 };
}

/** How many files the trash holds, and how large they are. For those who run the vault. */
export async function trashTotal(
  catalog: Catalog,
  teamId: string,
): Promise<{ files: number; bytes: number }> {
  const { rows } = await sql<{ files: number; bytes: number }>`
    select cast(coalesce(sum(files), 0) as bigint) as files, cast(coalesce(sum(bytes), 0) as bigint) as bytes
    from breakdown where team_id = ${teamId} and part = 'trash'`.execute(catalog.db);
  return rows[0] ?? { files: 0, bytes: 0 };
}
