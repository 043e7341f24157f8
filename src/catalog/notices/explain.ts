import { sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { confirmIn } from '../governance/rules.ts';
import type { ConfirmMode } from '../model.ts';
import type { Post } from './model.ts';
import { addNotice } from './notices.ts';
import { TOPIC_OF_SIGN, targetOfSign } from './targets.ts';

/**
 * Whether this confirmation explains how to get fewer of them: one a channel does, always the same one, also when it is
 * edited or tried again. If that one could never be posted, another takes its place. None does where no thread is
 * written to, or in a direct message. `standard` is the mode of channels without their own.
 */
export async function explainsLess(
  scope: Scope,
  post: Pick<Post, 'id' | 'teamId' | 'channelId'>,
  standard: ConfirmMode,
): Promise<boolean> {
  const { id, teamId, channelId } = post;
  if (channelId.startsWith('D')) return false;
  if (((await confirmIn(scope, teamId, channelId)).confirm ?? standard) !== 'thread') return false;
  const { db } = scope;
  const explainer = () =>
    db
      .selectFrom('explained')
      .leftJoin('post', 'post.id', 'explained.postId')
      .select(['explained.postId', 'post.droppedCode', 'post.ts'])
      .where('explained.teamId', '=', teamId)
      .where('explained.channelId', '=', channelId)
      .executeTakeFirst();
  let known = await explainer();
  if (known === undefined) {
    const row = { teamId, channelId, postId: id };
    await db
      .insertInto('explained')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    known = await explainer();
  }
  if (known !== undefined && known.droppedCode !== null && known.ts === null && known.postId !== id) {
    // Two processes may come here at once: only one finds the old value.
    await db
      .updateTable('explained')
      .set({ postId: id })
      .where('teamId', '=', teamId)
      .where('channelId', '=', channelId)
      .where('postId', '=', known.postId)
      .execute();
    known = await explainer();
  }
  return known?.postId === id;
}

/** The message that explained it must read differently now: the channel gets fewer confirmations. */
export async function forgetExplanation(
  { db }: Scope,
  { teamId, channelId }: { teamId: string; channelId: string },
  now: number,
): Promise<void> {
  await sql`update post set version = version + 1, due_at = coalesce(due_at, ${now})
    where dropped_code is null and id in (
      select post_id from explained where team_id = ${teamId} and channel_id = ${channelId})`.execute(db);
}

/**
 * Has the thread of the message `ts` explain what the emoji on it means, once a channel. Where an admin chose the emoji
 * for this channel, the channel was told then.
 */
export async function explainSign(
  catalog: Catalog,
  { teamId, channelId, ts }: { teamId: string; channelId: string; ts: string },
  now: number,
): Promise<void> {
  if (channelId.startsWith('D') || (await isSignExplained(catalog, teamId, channelId))) return;
  await inTransaction(catalog, async (scope) => {
    if ((await confirmIn(scope, teamId, channelId)).confirm !== null) return;
    await lockExclusive(scope, `sign ${teamId} ${channelId}`);
    if (await isSignExplained(scope, teamId, channelId)) return;
    // In a thread, Slack wants the `ts` of its first message.
    const share = await scope.db
      .selectFrom('share')
      .select('threadTs')
      .where('teamId', '=', teamId)
      .where('channelId', '=', channelId)
      .where('ts', '=', ts)
      .limit(1)
      .executeTakeFirst();
    const place = targetOfSign(channelId, share?.threadTs ?? ts, now);
    await addNotice(scope, { teamId, place, notice: { kind: 'sign', actorId: null }, now });
  });
}

async function isSignExplained({ db }: Scope, teamId: string, channelId: string): Promise<boolean> {
  const post = await db
    .selectFrom('post')
    .select('id')
    .where('teamId', '=', teamId)
    .where('topic', '=', TOPIC_OF_SIGN)
    .where('channelId', '=', channelId)
    .where('droppedCode', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return post !== undefined;
}
