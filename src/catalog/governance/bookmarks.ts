import { sql } from 'kysely';
import type { Catalog } from '../db/schema.ts';

/** Channels whose “Files” bookmark is not as their settings want it. */
export async function bookmarksToSet(
  { db }: Catalog,
  teamId: string,
): Promise<Array<{ channelId: string; isWanted: boolean }>> {
  const rows = await db
    .selectFrom('rule')
    .select(['channelId', 'bookmark'])
    .where('teamId', '=', teamId)
    .where(sql<boolean>`coalesce(bookmark, 0) <> coalesce(bookmark_done, 0)`)
    .orderBy('channelId')
    .execute();
  return rows.map(({ channelId, bookmark }) => ({ channelId, isWanted: bookmark === 1 }));
}

/** Whether a “Files” bookmark is wanted in this channel now. */
export async function wantsBookmark({ db }: Catalog, teamId: string, channelId: string): Promise<boolean> {
  const row = await db
    .selectFrom('rule')
    .select('bookmark')
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .executeTakeFirst();
  return row?.bookmark === 1;
}

/** Whether the bookmark of this channel is as its settings want it. */
export async function isBookmarkSet(
  { db }: Catalog,
  { teamId, channelId }: { teamId: string; channelId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('rule')
    .select(['bookmark', 'bookmarkDone'])
    .where('teamId', '=', teamId)
    .where('channelId', '=', channelId)
    .executeTakeFirst();
  return (row?.bookmark ?? 0) === (row?.bookmarkDone ?? 0);
}

/** Slack did it: the bookmark is there, or it is gone. */
export async function bookmarkIsSet(
  { db }: Catalog,
  teamId: string,
  o: { channelId: string; isThere: boolean },
): Promise<void> {
  await db
    .updateTable('rule')
    .set({ bookmarkDone: Number(o.isThere) })
    .where('teamId', '=', teamId)
    .where('channelId', '=', o.channelId)
    .execute();
}
