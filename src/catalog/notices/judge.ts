import { sql } from 'kysely';
import { idTable } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { BLANK } from '../files/versions.ts';
import { cardOf } from './card-of.ts';
import type { Notice, Post } from './model.ts';
import { isOfFile } from './rows.ts';
import { topicOfReaction, topicOfThread } from './targets.ts';

/** Why nobody is told of a post. */
export type Silence =
  | 'taken_back' // nothing is left to tell: the shares were taken back, or no message shows them
  | 'parent_gone' // Slack said that the message it hangs under was deleted
  | 'unthreaded'; // Slack put it at the top of the channel, because there is no such thread

/** What a post may tell, as things are now. */
export interface Judged {
  /** The post, with the notices that may be told. */
  post: Post;
  /** Set when nothing of it may be told any more. */
  silence: Silence | null;
  /** False for the reaction on a message while a file of it is still to be stored. */
  isComplete: boolean;
}

/** After these, nothing more is told in a thread: it would appear at the top of the channel. */
const NO_THREAD: readonly Silence[] = ['parent_gone', 'unthreaded'];

/**
 * Judges what may be told, just before it is told. In a thread: only files that a message of it still shows. In a
 * digest: also files without a known message. Never: shares that were taken back, silent ones, and files deleted in
 * Slack since.
 */
export async function judge(scope: Scope, post: Post): Promise<Judged> {
  if (post.kind === 'card' || post.kind === 'gift') {
    const isBack = post.ts === null && (await cardOf(scope, post)).right === 'back';
    return { post, silence: isBack ? 'taken_back' : null, isComplete: true };
  }
  if (post.kind !== 'stored' && post.kind !== 'digest') return { post, silence: null, isComplete: true };
  const shown = await shownFiles(scope, post);
  const isHidden = (notice: Notice) =>
    (notice.kind === 'stored' || notice.kind === 'not_kept') && !shown.has(notice.fileId);
  const notices = post.notices.filter((notice) => !isHidden(notice));
  const judged = { post: { ...post, notices }, isComplete: true };
  if (notices.length === 0) return { ...judged, silence: 'taken_back' };
  if (post.kind === 'digest') return { ...judged, silence: null };
  const gone = post.ts === null ? await endOfThread(scope, post) : undefined;
  if (gone !== undefined) return { ...judged, silence: gone };
  const isComplete = post.manner !== 'reaction' || (await isAllStored(scope, post));
  return { ...judged, silence: null, isComplete };
}

/**
 * The files of these notices that somebody can still see where the post is. The cross joins make SQLite begin with the
 * notices, not with all shares.
 */
async function shownFiles(scope: Scope, post: Post): Promise<Set<string>> {
  const { teamId, channelId, threadTs } = post;
  const ids = idTable(scope.kind, [...new Set(post.notices.filter(isOfFile).map(({ fileId }) => fileId))]);
  const inThread = sql`s.ts <> '' and (s.ts = ${threadTs} or s.thread_ts = ${threadTs})`;
  const { rows } = await sql<{ fileId: string }>`
    select distinct s.file_id from ${ids} ids cross join share s cross join file f
    where s.team_id = ${teamId} and s.file_id = ids.id and s.channel_id = ${channelId}
      and f.team_id = s.team_id and f.file_id = s.file_id
      and s.removed_at is null and s.silent = 0 and f.slack_deleted_at is null
      and ${post.kind === 'digest' ? sql`true` : inThread}`.execute(scope.db);
  return new Set(rows.map(({ fileId }) => fileId));
}

/** Why nothing can be told in this thread any more, if that was found out before. */
async function endOfThread({ db }: Scope, post: Post): Promise<Silence | undefined> {
  if (post.threadTs === null) return 'taken_back';
  const row = await db
    .selectFrom('post')
    .select('droppedCode')
    .where('teamId', '=', post.teamId)
    .where('topic', 'in', topicsUnder(post.threadTs))
    .where('channelId', '=', post.channelId)
    .where('droppedCode', 'in', NO_THREAD)
    .limit(1)
    .executeTakeFirst();
  return row?.droppedCode as Silence | undefined;
}

/**
 * True when the vault has every file that the message shows. Files that Slack itself does not have any more
 * (tombstones) do not count. A document that was blank when it was stored is still to come.
 */
async function isAllStored({ db }: Scope, { teamId, channelId, threadTs }: Post): Promise<boolean> {
  const { rows } = await sql<{ fileId: string }>`
    select f.file_id from share s join file f on f.team_id = s.team_id and f.file_id = s.file_id
    where s.team_id = ${teamId} and s.channel_id = ${channelId} and s.ts = ${threadTs} and s.removed_at is null
      and (f.stored_at is null or f.quiet = ${sql.lit(BLANK)}) and f.slack_deleted_at is null and (f.reason is null or f.reason <> 'tombstone')
    limit 1`.execute(db);
  return rows.length === 0;
}

/** A message was deleted: what still waits to be told under it is not told. What was told stays. */
export async function parentDeleted(
  catalog: Catalog,
  { teamId, channelId, ts }: { teamId: string; channelId: string; ts: string },
): Promise<void> {
  await catalog.db
    .updateTable('post')
    .set({ droppedCode: 'parent_gone', dueAt: null, leaseOwner: null, sentAt: null })
    .where('teamId', '=', teamId)
    .where('topic', 'in', topicsUnder(ts))
    .where('channelId', '=', channelId)
    .where('ts', 'is', null)
    .where('sentAt', 'is', null)
    .where('droppedCode', 'is', null)
    .execute();
}

function topicsUnder(ts: string): string[] {
  return [topicOfThread(ts), topicOfReaction(ts)];
}
