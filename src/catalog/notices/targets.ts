import { DAY_MS, HOUR_MS } from '../../time.ts';
import type { ConfirmMode, FileRow } from '../model.ts';
import type { Post } from './model.ts';

/** Notices within this time become one message from the start. */
const GATHER_MS = 1_000;

/** Files whose time is over go to the trash one after the other. */
const EXPIRY_GATHER_MS = 60_000;

/** Most uploads are saved within this time: then their message is right from the start. */
const UPLOAD_GATHER_MS = 2_000;

/** A day's warnings come within this time. */
const LEAVING_GATHER_MS = 10 * 60_000;

/** Where a notice is told: notices of the same channel and topic share a post. */
export interface PostTarget {
  channelId: string;
  threadTs: string | null;
  manner: Post['manner'];
  kind: Post['kind'];
  topic: string;
  dueAt: number;
}

/** Where it is told that a file was stored. */
export function targetOfStored(
  file: Pick<FileRow, 'channelId' | 'messageTs' | 'threadTs'>,
  confirm: Exclude<ConfirmMode, 'off'>,
  now: number,
): PostTarget {
  const { channelId, messageTs } = file;
  if (confirm === 'digest') {
    const dueAt = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS;
    return { channelId, threadTs: null, manner: 'message', kind: 'digest', topic: `digest ${dueAt}`, dueAt };
  }
  const dueAt = now + GATHER_MS;
  if (confirm === 'reaction' && messageTs !== null) return targetOfReaction(channelId, messageTs, now);
  const threadTs = file.threadTs ?? messageTs;
  return { channelId, threadTs, manner: 'message', kind: 'stored', topic: topicOfThread(threadTs), dueAt };
}

/** The reaction on a message when all its files are in the vault. */
export function targetOfReaction(channelId: string, ts: string, now: number): PostTarget {
  const target = { channelId, threadTs: ts, manner: 'reaction' as const, kind: 'stored' as const };
  return { ...target, topic: topicOfReaction(ts), dueAt: now + GATHER_MS };
}

export function topicOfReaction(ts: string): string {
  return `reaction ${ts}`;
}

/** The topic of what is told in the thread of the message `threadTs`. */
export function topicOfThread(threadTs: string | null): string {
  return `stored ${threadTs ?? ''}`;
}

/** The message that tells how a backfill goes; a new one each time it is started. */
export function targetOfBackfill(
  backfillId: number,
  startedAt: number,
  channelId: string,
  now: number,
): PostTarget {
  const topic = `backfill ${backfillId} ${startedAt}`;
  return { channelId, threadTs: null, manner: 'message', kind: 'backfill', topic, dueAt: now };
}

export const TOPIC_OF_SIGN = 'sign';

/** What the emoji on saved messages means: told in one thread of the channel. */
export function targetOfSign(channelId: string, threadTs: string, now: number): PostTarget {
  const target = { channelId, threadTs, manner: 'message' as const, kind: 'sign' as const };
  return { ...target, topic: TOPIC_OF_SIGN, dueAt: now + GATHER_MS };
}

/** What the bot says in a channel that it has joined. */
export function targetOfJoined(channelId: string, now: number): PostTarget {
  const target = { channelId, threadTs: null, manner: 'message' as const, kind: 'joined' as const };
  return { ...target, topic: 'joined', dueAt: now + GATHER_MS };
}

/** The message that a channel's rules were changed; one for all changes within the hour. */
export function targetOfRules(channelId: string, now: number): PostTarget {
  const target = { channelId, threadTs: null, manner: 'message' as const, kind: 'rules' as const };
  return { ...target, topic: `rules ${Math.floor(now / HOUR_MS)}`, dueAt: now + GATHER_MS };
}

/** The message that files went to the trash because their time was over; one a day. */
export function targetOfExpiry(channelId: string, now: number): PostTarget {
  const target = { channelId, threadTs: null, manner: 'message' as const, kind: 'expiry' as const };
  return { ...target, topic: `expiry ${Math.floor(now / DAY_MS)}`, dueAt: now + EXPIRY_GATHER_MS };
}

/** Where it is told that files were trashed, all at the same moment, and later that this was undone. */
export function targetOfTrash(
  where: Pick<PostTarget, 'channelId' | 'threadTs'>,
  trashedAt: number,
  now: number,
): PostTarget {
  const { channelId, threadTs } = where;
  const topic = topicOfTrash(trashedAt);
  return { channelId, threadTs, manner: 'message', kind: 'trash', topic, dueAt: now + GATHER_MS };
}

export function topicOfTrash(trashedAt: number): string {
  return `trash ${trashedAt}`;
}

/** The direct message that tells how an upload ends. */
export function targetOfUpload(channelId: string, fileId: string, now: number): PostTarget {
  const target = { channelId, threadTs: null, manner: 'message' as const, kind: 'upload' as const };
  return { ...target, topic: `upload ${fileId} ${now}`, dueAt: now + UPLOAD_GATHER_MS };
}

/** Begins the topic of a card, and stands as the `ts` of the share that it tells of until the message is there. */
export const CARD = 'card ';

/** The message that shows a file in a channel. `topic` begins with {@link CARD}. */
export function targetOfCard(channelId: string, topic: string, dueAt: number): PostTarget {
  return { channelId, threadTs: null, manner: 'message', kind: 'card', topic, dueAt };
}

/** The direct message (in the conversation `channelId`) to somebody who was given a file: one each time. */
export function targetOfGift(channelId: string, fileId: string, personId: string, now: number): PostTarget {
  const topic = `${topicOfGifts(fileId, personId)} ${now}`;
  return { channelId, threadTs: null, manner: 'message', kind: 'gift', topic, dueAt: now };
}

export function topicOfGifts(fileId: string, personId: string): string {
  return `gift ${fileId} ${personId}`;
}

/** The direct message that retention will take a person's files; one a day. */
export function targetOfLeaving(channelId: string, now: number): PostTarget {
  const target = { channelId, threadTs: null, manner: 'message' as const, kind: 'leaving' as const };
  return { ...target, topic: `leaving ${Math.floor(now / DAY_MS)}`, dueAt: now + LEAVING_GATHER_MS };
}
