import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';
import type { FileRef } from '../model.ts';
import type { Post } from './model.ts';
import { CARD, topicOfGifts } from './targets.ts';

/** What a card in a channel, or a message about a gift, is about. */
export interface Card {
  fileId: string;
  /** Who shared or gave it. */
  actorId: string | null;
  /**
   * Whether those who read it may open the file by it: `open`; `back`, as it was taken back; or `none`, as it was posted by
   * somebody who cannot open the file to others.
   */
  right: 'open' | 'back' | 'none';
}

/** What the post of a card or a gift is about, as things are now. */
export async function cardOf({ db }: Scope, post: Post): Promise<Card> {
  const notice = post.notices.find(({ kind }) => kind === 'card' || kind === 'gift');
  if (notice?.kind !== 'card' && notice?.kind !== 'gift') throw new Error(`Post ${post.id} tells of no card`);
  const { cardOf: fileId, actorId } = notice;
  if (notice.kind === 'card' && !notice.opens) return { fileId, actorId, right: 'none' };
  const isGift = notice.kind === 'gift';
  const open = await db
    .selectFrom('share')
    .select('id')
    .where('teamId', '=', post.teamId)
    .where('fileId', '=', fileId)
    .where('channelId', '=', isGift ? notice.personId : post.channelId)
    // Until the message is known, the share has the topic in its place; see open-to.ts.
    .where('ts', 'in', isGift ? [''] : [post.topic ?? '', post.ts ?? ''])
    .where('viaVault', '=', 1)
    .where('removedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return { fileId, actorId, right: open === undefined ? 'back' : 'open' };
}

/** Whether this stands for a message that is not posted yet. */
export const isCard = (ts: string): boolean => ts.startsWith(CARD);

/** Where a share is now: one whose message was not known may have it since. */
export async function whereNow<To extends { channelId: string; ts: string | null }>(
  { db }: Scope,
  teamId: string,
  to: To,
): Promise<To> {
  if (to.ts === null || !isCard(to.ts)) return to;
  const card = await db
    .selectFrom('post')
    .select('ts')
    .where('teamId', '=', teamId)
    .where('topic', '=', to.ts)
    .where('channelId', '=', to.channelId)
    .executeTakeFirst();
  return { ...to, ts: card?.ts ?? to.ts };
}

/** The messages that told of a share must read differently now. */
export async function touchCards(
  { db }: Scope,
  { teamId, fileId }: FileRef,
  { channelId, ts }: { channelId: string; ts: string | null },
  now: number,
): Promise<void> {
  const gifts = topicOfGifts(fileId, channelId);
  const isOurs =
    ts === null
      ? sql<boolean>`(topic >= ${`${gifts} `} and topic < ${`${gifts}!`})`
      : sql<boolean>`(channel_id = ${channelId} and topic >= 'card ' and topic < 'card!' and ${ts} in (ts, topic))`;
  await db
    .updateTable('post')
    .set({ version: sql`version + 1`, dueAt: sql`coalesce(due_at, ${now})` })
    .where('teamId', '=', teamId)
    .where('droppedCode', 'is', null)
    .where(isOurs)
    .execute();
}
