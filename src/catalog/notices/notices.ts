import { type Insertable, sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Catalog, Schema, Scope } from '../db/schema.ts';
import { type Claim, nextDue } from '../queue/due.ts';
import { claimInTurn, type Turns } from '../queue/turns.ts';
import type { FileSubject, NewNotice, Post } from './model.ts';
import { type NoticeRow, toNotice, toNoticeColumns } from './rows.ts';
import { type PostTarget, topicOfTrash } from './targets.ts';

/** A confirmation takes notices of other messages for this long: then they are old news. */
const OPEN_MS = 10 * 60_000;
/** And at most this many: each edit reads them all. It says only how many they are. */
const MAX_NOTICES = 500;

/** The message of a place must read differently now: it becomes due to be edited, unless it is due already. */
export async function touchPost(
  scope: Scope,
  teamId: string,
  { channelId, topic, dueAt }: PostTarget,
): Promise<void> {
  await scope.db
    .updateTable('post')
    .set({ version: sql`version + 1`, dueAt: sql`coalesce(due_at, ${dueAt})` })
    .where('teamId', '=', teamId)
    .where('topic', '=', topic)
    .where('channelId', '=', channelId)
    .where('droppedCode', 'is', null)
    .execute();
}

/** Whether something was said at this place since `since` (ms). */
export async function saidSince(
  scope: Scope,
  teamId: string,
  { channelId, topic }: PostTarget,
  since: number,
): Promise<boolean> {
  const said = await scope.db
    .selectFrom('post')
    .select('id')
    .where('teamId', '=', teamId)
    .where('topic', '=', topic)
    .where('channelId', '=', channelId)
    .where('openedAt', '>', since)
    .limit(1)
    .executeTakeFirst();
  return said !== undefined;
}

/**
 * Adds a notice, in the transaction of the change that it tells about: to the open post of its place if there is
 * one, else to a new one. The post becomes due, unless it is already.
 */
export async function addNotice(
  scope: Scope,
  { teamId, place, notice, now }: { teamId: string; place: PostTarget; notice: NewNotice; now: number },
): Promise<void> {
  await lockExclusive(scope, `post ${teamId} ${place.channelId} ${place.topic}`);
  const messageTs = 'sortKey' in notice && notice.sortKey ? (notice.sortKey.split(' ')[0] ?? '') : '';
  const postId =
    (await openPost(scope, { teamId, place, messageTs, now })) ?? (await newPost(scope, teamId, place, now));
  await newNotice(scope, { ...toNoticeColumns(notice), postId, at: now });
}

/**
 * Corrects an earlier notice of `kind` about this file: adds the new notice to that message, however old it is. False
 * when this topic has no such message.
 */
export async function correctNotice(
  scope: Scope,
  o: {
    teamId: string;
    channelId: string;
    topic: string;
    kind: FileSubject['kind'];
    notice: NewNotice & FileSubject;
    now: number;
  },
): Promise<boolean> {
  const { teamId, channelId, topic, kind, notice, now } = o;
  await lockExclusive(scope, `post ${teamId} ${channelId} ${topic}`);
  const told = await scope.db
    .selectFrom('post')
    .innerJoin('notice', 'notice.postId', 'post.id')
    .select('post.id')
    .where('post.teamId', '=', teamId)
    .where('post.topic', '=', topic)
    .where('post.channelId', '=', channelId)
    .where('post.droppedCode', 'is', null)
    .where('notice.fileId', '=', notice.fileId)
    .where('notice.kind', '=', kind)
    .orderBy('post.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (told === undefined) return false;
  const id = Number(told.id);
  await addToPost(scope, { id, dueAt: now });
  await newNotice(scope, { ...toNoticeColumns(notice), postId: id, at: now });
  return true;
}

const newNotice = prepared(({ db }: Scope, notice: Insertable<Schema['notice']>) =>
  db.insertInto('notice').values(notice),
);

/**
 * The post that takes a notice. Of a confirmation it is the one that told of the same Slack message (`messageTs`),
 * however long ago: so a message has one line, also when its last file takes an hour.
 */
async function openPost(
  scope: Scope,
  { teamId, place, messageTs, now }: { teamId: string; place: PostTarget; messageTs: string; now: number },
): Promise<number | undefined> {
  // The bot greets a channel in a new message each time it joins.
  if (place.kind === 'joined') return undefined;
  const { topic, channelId, dueAt } = place;
  // Other messages are never full, and never old.
  const limits =
    place.kind === 'stored'
      ? { since: now - OPEN_MS, below: MAX_NOTICES, messageTs }
      : { since: 0, below: Number.MAX_SAFE_INTEGER, messageTs: '' };
  const [open] = await newestPost(scope, { teamId, topic, channelId, ...limits });
  if (!open) return undefined;
  await addToPost(scope, { id: open.id, dueAt });
  return open.id;
}

interface PostQuery {
  teamId: string;
  topic: string;
  channelId: string;
  since: number;
  below: number;
  messageTs: string;
}

const newestPost = prepared(
  (_: Scope, { teamId, topic, channelId, since, below, messageTs }: PostQuery) => sql<{ id: number }>`
    select id from (
      select p.id, p.opened_at, p.version,
        case when ${messageTs} <> '' and exists (select 1 from notice n where n.post_id = p.id
          and n.sort_key >= ${messageTs} || ' ' and n.sort_key < ${messageTs} || '!') then 1 else 0 end as same
      from post p
      where p.team_id = ${teamId} and p.topic = ${topic} and p.channel_id = ${channelId}
        and p.dropped_code is null) o
    where same = 1 or (opened_at > ${since} and version < ${below})
    order by same desc, id desc limit 1`,
);

const addToPost = prepared(({ db }: Scope, { id, dueAt }: { id: number; dueAt: number }) =>
  db
    .updateTable('post')
    .set({ version: sql`version + 1`, dueAt: sql`coalesce(due_at, ${dueAt})` })
    .where('id', '=', id),
);

async function newPost(scope: Scope, teamId: string, place: PostTarget, now: number): Promise<number> {
  const nobody = { ts: null, sentAt: null, leaseOwner: null };
  const [made] = await insertPost(scope, { ...place, ...nobody, teamId, version: 1, openedAt: now });
  return (made as { id: number }).id;
}

const insertPost = prepared(({ db }: Scope, post: Insertable<Schema['post']>) =>
  db.insertInto('post').values(post).returning('id'),
);

/** Where it was told that a file went to the trash. */
export async function placesOfTrash(
  scope: Scope,
  teamId: string,
  fileId: string,
  trashedAt: number,
): Promise<Array<Pick<PostTarget, 'channelId' | 'threadTs'>>> {
  return scope.db
    .selectFrom('post')
    .innerJoin('notice', 'notice.postId', 'post.id')
    .select(['post.channelId', 'post.threadTs'])
    .distinct()
    .where('post.teamId', '=', teamId)
    .where('post.topic', '=', topicOfTrash(trashedAt))
    .where('post.droppedCode', 'is', null)
    .where('notice.fileId', '=', fileId)
    .orderBy('post.channelId')
    .execute();
}

/** A post to send or edit, with all its notices; give `version` back to {@link markPosted}. */
export type DuePost = Post & { version: number; failedAt: number | null };

/** Claims posts to send or to edit. When there are too many, channels take turns. */
export async function claimDuePosts(
  catalog: Catalog,
  claim: Claim,
  turns: Turns = { last: '' },
): Promise<DuePost[]> {
  const rows = await claimInTurn<PostRecord>(catalog, 'post', claim, turns);
  if (rows.length === 0) return [];
  const notices = await catalog.db
    .selectFrom('notice')
    .selectAll()
    .where(
      'postId',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => toPost(row, notices));
}

export type PostRecord = Omit<Schema['post'], 'id' | 'attempts' | 'failedAt'> & {
  id: number;
  attempts: number;
  failedAt: number | null;
};

/** A row with its notices, among them those of other posts. */
export function toPost(row: PostRecord, notices: NoticeRow[]): DuePost {
  const { id, teamId, channelId, threadTs, manner, kind, topic, ts, sentAt, attempts } = row;
  // Notices may have been added since the claim. Only those that this version counts are taken, or the next edit is
  // lost.
  const own = notices.filter((notice) => notice.postId === id).slice(0, row.version);
  return {
    ...{ id, teamId, channelId, threadTs, manner, kind, topic, ts, sentAt, attempts },
    version: row.version,
    failedAt: row.failedAt,
    notices: own.map(toNotice),
  };
}

/** Call it just before a post is handed to Slack. False when somebody else has the post now: do not send it. */
export function markSending(catalog: Catalog, postId: number, owner: string, now: number): Promise<boolean> {
  return update(catalog, postId, owner, { sentAt: now });
}

/** Slack has the message. It stays due if notices came after `version`, or at `againAt`. */
export function markPosted(
  scope: Scope,
  postId: number,
  owner: string,
  o: { ts: string | null; version: number; now: number; againAt?: number | undefined },
): Promise<boolean> {
  return update(scope, postId, owner, {
    ...(o.ts === null ? {} : { ts: o.ts }),
    sentAt: null,
    leaseOwner: null,
    attempts: 0,
    errorCode: null,
    failedAt: null,
    dueAt: sql<number | null>`case when version > ${o.version} then cast(${o.now} as bigint)
      else cast(${o.againAt ?? null} as bigint) end`,
  });
}

/**
 * The post is tried again at `dueAt`. With `refused`, Slack said that it did not take it. Without, Slack may have it,
 * and `sentAt` stays so that the message is looked for first. `failedAt` (ms): since when it is refused for an
 * unknown reason.
 */
export function deferPost(
  catalog: Catalog,
  postId: number,
  owner: string,
  o: { dueAt: number; code: string; refused?: boolean; failedAt?: number | null },
): Promise<boolean> {
  const sent = o.refused ? { sentAt: null } : {};
  const failed = o.failedAt === undefined ? {} : { failedAt: o.failedAt };
  const set = { leaseOwner: null, dueAt: o.dueAt, errorCode: o.code, ...sent, ...failed };
  return update(catalog, postId, owner, set);
}

/** The post can never be sent (the channel is gone, …). The reason is kept. */
export function dropPost(scope: Scope, postId: number, owner: string, code: string): Promise<boolean> {
  return update(scope, postId, owner, { leaseOwner: null, dueAt: null, sentAt: null, droppedCode: code });
}

/** When the next post is due (ms), or null. */
export function nextPostDueAt(catalog: Catalog): Promise<number | null> {
  return nextDue(catalog, 'post');
}

async function update({ db }: Scope, postId: number, owner: string, set: object): Promise<boolean> {
  const result = await db
    .updateTable('post')
    .set(set)
    .where('id', '=', postId)
    .where('leaseOwner', '=', owner)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
