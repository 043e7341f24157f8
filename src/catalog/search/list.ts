import { sql } from 'kysely';
import { IS_STORED } from '../conditions.ts';
import { idTable } from '../dialect.ts';
import type { FilePage, ListCursor, ListedFile, ListFilter } from '../model.ts';
import { type Catalog, type FileRecord, toFileRow } from '../tables/schema.ts';
import { fold } from './fold.ts';
import { EVERY_FILE, personTag } from './listing.ts';
import { containing, type Direction, named, type Place, take, type View } from './walk.ts';

/** So many files that contain a name are looked through for one that has just this name. */
const ENOUGH_NAMES = 100;

/**
 * One page of what is stored of a channel, newest share first. Pages are steady: files that arrive or go
 * meanwhile neither repeat an entry nor skip one. `newer` and `older` are null at the ends.
 */
export async function listChannel(
  catalog: Catalog,
  o: { teamId: string; channelId: string; filter: ListFilter; cursor?: ListCursor; limit: number },
): Promise<FilePage> {
  const { cursor, limit } = o;
  const view = viewOf(o.teamId, o.channelId, o.filter);
  if (cursor?.direction === 'newer') {
    const found = await take(catalog, view, 'newer', cursor, limit + 1);
    // At the newest end, show a whole page rather than the few that are left over.
    if (found.length <= limit) return listChannel(catalog, { ...o, cursor: undefined });
    const files = found.slice(0, limit).reverse();
    return page(files, true, (await take(catalog, view, 'older', placeOf(files.at(-1)), 1)).length > 0);
  }
  const found = await take(catalog, view, 'older', cursor ?? null, limit + 1);
  const files = found.slice(0, limit);
  if (!cursor) return page(files, false, found.length > limit);
  if (files.length === 0) return listChannel(catalog, { ...o, cursor: undefined }); // all of them went away
  const hasNewer = (await take(catalog, view, 'newer', placeOf(files[0]), 1)).length > 0;
  return page(files, hasNewer, found.length > limit);
}

function page(files: ListedFile[], hasNewer: boolean, hasOlder: boolean): FilePage {
  return {
    files,
    newer: hasNewer ? cursorAt(files[0], 'newer') : null,
    older: hasOlder ? cursorAt(files.at(-1), 'older') : null,
  };
}

function cursorAt(file: ListedFile | undefined, direction: Direction): ListCursor | null {
  return file ? { direction, sharedAt: file.listedAt, fileId: file.fileId } : null;
}

function placeOf(file: ListedFile | undefined): Place | null {
  return file ? { sharedAt: file.listedAt, fileId: file.fileId } : null;
}

function viewOf(teamId: string, channelId: string, filter: ListFilter): View {
  const tags: string[][] = [];
  if (filter.userId !== undefined) tags.push([personTag(filter.userId)]);
  if (filter.types?.length) tags.push([...new Set(filter.types.map((type) => type.toLowerCase()))]);
  const text = fold(filter.text ?? '').trim();
  return {
    teamId,
    channelId,
    tags: tags.length > 0 ? tags : [[EVERY_FILE]],
    text: text === '' ? undefined : containing(text),
    before: filter.before,
    after: filter.after,
  };
}

/**
 * Stored files of a channel that somebody may mean by `query`: the one with this id, then those with exactly
 * this name (whatever the case and accents), then those whose name or title contains it; newest first in each.
 * With `uploaderId`, only that person's uploads. An empty query gives the newest.
 */
export async function findInChannel(
  catalog: Catalog,
  o: { teamId: string; channelId: string; query: string; limit: number; uploaderId?: string },
): Promise<ListedFile[]> {
  const { teamId, channelId, limit, uploaderId } = o;
  const base: View = { ...viewOf(teamId, channelId, { userId: uploaderId }), uploaderId };
  const newest = (view: View, most: number) => take(catalog, view, 'older', null, most);
  const text = fold(o.query).trim();
  if (text === '') return newest(base, limit);
  const byId = await newest({ ...base, fileId: o.query.trim().toUpperCase() }, 1);
  const near = await newest({ ...base, text: containing(text) }, ENOUGH_NAMES);
  // If these are all that contain it, those of exactly this name are among them.
  const isAll = near.length < ENOUGH_NAMES;
  const exact = isAll
    ? near.filter((file) => fold(file.name ?? '').trim() === text)
    : await newest({ ...base, text: named(text) }, limit);
  const found = new Map([...byId, ...exact, ...near].map((file) => [file.fileId, file]));
  return [...found.values()].slice(0, limit);
}

/** The newest stored files of these channels and of the person's own uploads anywhere, each file once. */
export async function recentFiles(
  catalog: Catalog,
  o: { teamId: string; channelIds: string[]; ownUserId?: string; limit: number },
): Promise<ListedFile[]> {
  const { teamId, limit } = o;
  // Of each channel only its newest few can be among the newest few of all.
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
  const own = sql`
    select channel_id, shared_at, file_id from (
      select channel_id, shared_at, file_id from file
      where team_id = ${teamId} and uploader_id = ${o.ownUserId ?? null} and ${IS_STORED}
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
