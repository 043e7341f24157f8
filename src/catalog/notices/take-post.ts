import type { Scope } from '../db/schema.ts';
import { type DuePost, type PostRecord, toPost } from './notices.ts';
import type { PostTarget } from './targets.ts';

/** Takes the post of a place for whoever has just made it; its lease ends when the post is due. */
export async function takePost(
  { db }: Scope,
  teamId: string,
  { channelId, topic }: PostTarget,
  owner: string,
): Promise<DuePost> {
  const row = (await db
    .updateTable('post')
    .set({ leaseOwner: owner })
    .where('teamId', '=', teamId)
    .where('topic', '=', topic)
    .where('channelId', '=', channelId)
    .returningAll()
    .executeTakeFirstOrThrow()) as PostRecord;
  const notices = await db.selectFrom('notice').selectAll().where('postId', '=', row.id).execute();
  return toPost(row, notices);
}

/** What became of a post: its message, or why it can never be sent. */
export async function endOfPost(
  { db }: Scope,
  postId: number,
): Promise<{ ts: string | null; droppedCode: string | null }> {
  return db
    .selectFrom('post')
    .select(['ts', 'droppedCode'])
    .where('id', '=', postId)
    .executeTakeFirstOrThrow();
}
