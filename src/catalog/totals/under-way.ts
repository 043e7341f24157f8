import { type RawBuilder, sql } from 'kysely';
import { HAS_FAILED, IS_LINK, NOT_KEPT, ON_THE_WAY } from '../db/conditions.ts';
import { idTable } from '../db/dialect.ts';
import { type Catalog, type FileRecord, toFileRow } from '../db/schema.ts';
import type { FileRow } from '../model.ts';

/** Whose view it is: the channels that the person can see, and their own uploads in any channel. */
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

/** Files that this person may know of and whose last attempt failed: they are tried again until it works. */
export function beingRetried(catalog: Catalog, viewer: Viewer, limit: number): Promise<Counted> {
  return counted(catalog, viewer, HAS_FAILED, limit);
}

/** Counting stops here: a channel may exclude a type that is shared all day. */
const MOST_COUNTED = 1_000;

export interface CountedUpTo extends Counted {
  /** True when there are more than `total`. */
  atLeast: boolean;
}

/** Files that this person may know of and whose bytes are not kept, for a reason that they should know. */
export function notKept(catalog: Catalog, viewer: Viewer, limit: number): Promise<CountedUpTo> {
  return upTo(catalog, viewer, NOT_KEPT, limit);
}

/** How many files this person may know of that live outside Slack. */
export async function links(
  catalog: Catalog,
  viewer: Viewer,
): Promise<Pick<CountedUpTo, 'total' | 'atLeast'>> {
  const { total, atLeast } = await upTo(catalog, viewer, IS_LINK, 0);
  return { total, atLeast };
}

async function upTo(
  catalog: Catalog,
  viewer: Viewer,
  condition: RawBuilder<boolean>,
  limit: number,
): Promise<CountedUpTo> {
  const { files, total } = await counted(catalog, viewer, condition, limit, MOST_COUNTED + 1);
  return { files, total: Math.min(total, MOST_COUNTED), atLeast: total > MOST_COUNTED };
}

async function counted(
  catalog: Catalog,
  viewer: Viewer,
  condition: RawBuilder<boolean>,
  limit: number,
  most: number | null = null,
): Promise<Counted> {
  const visible = sql`from file where team_id = ${viewer.teamId} and ${condition}
    and (uploader_id = ${viewer.userId} or exists (
      select 1 from channel_file c
      where c.team_id = file.team_id and c.file_id = file.file_id
        and c.channel_id in (select id from ${idTable(catalog.kind, viewer.channelIds)} ids)))`;
  const counting = most === null ? visible : sql`from (select 1 ${visible} limit ${sql.lit(most)}) counted`;
  const [rows, [count]] = await Promise.all([
    limit === 0
      ? []
      : sql<FileRecord>`select * ${visible} order by shared_at desc, file_id desc limit ${limit}`
          .execute(catalog.db)
          .then((found) => found.rows),
    sql<{ total: number }>`select cast(count(*) as bigint) as total ${counting}`
      .execute(catalog.db)
      .then((found) => found.rows),
  ]);
  return { files: rows.map(toFileRow), total: count?.total ?? 0 };
}

/** How many files wait for capture, are being captured, and have failed and wait for another try. */
export async function queueDepth(
  catalog: Catalog,
): Promise<{ pending: number; storing: number; failed: number }> {
  const { rows } = await sql<{ state: 'pending' | 'storing' | 'failed'; files: number }>`
    select state, count(*) as files from file
    where state in ('pending', 'failed', 'storing') group by state`.execute(catalog.db);
  const depth = { pending: 0, storing: 0, failed: 0 };
  for (const { state, files } of rows) depth[state] = files;
  return depth;
}
