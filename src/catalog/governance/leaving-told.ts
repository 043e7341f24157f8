import { DAY_MS } from '../../time.ts';
import type { Scope } from '../db/schema.ts';
import { touchPost } from '../notices/notices.ts';
import { targetOfLeaving } from '../notices/targets.ts';

/** Older messages are not edited any more. */
const TOLD_WITHIN_MS = 14 * DAY_MS;

/** The messages that told a person of this day must read differently now. */
export async function touchWarnings(
  scope: Scope,
  teamId: string,
  userId: string,
  day: number,
  now: number,
  since = now - TOLD_WITHIN_MS,
): Promise<void> {
  const posts = await scope.db
    .selectFrom('notice')
    .innerJoin('post', 'post.id', 'notice.postId')
    .select(['post.channelId', 'post.topic'])
    .where('post.teamId', '=', teamId)
    .where('post.kind', '=', 'leaving')
    .where('post.openedAt', '>', since)
    .where('notice.fileId', '=', String(day))
    .where('notice.name', '=', userId)
    .execute();
  for (const { channelId, topic } of posts)
    await touchPost(scope, teamId, { ...targetOfLeaving(channelId, now), topic, dueAt: now });
}
