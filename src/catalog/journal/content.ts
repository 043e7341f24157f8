import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';

/** Tables without any row in a catalog that was never used. */
const CONTENT = ['file', 'share', 'fileVersion', 'channel', 'gone', 'audit', 'hold', 'rule'] as const;
/** What is worked out from files and shares. In this order, as some rows refer to others. */
const SUMS = ['channelFile', 'listing', 'tally', 'breakdown', 'audienceChannel', 'audience'] as const;
/** Other tables that a rebuild fills. */
const DERIVED = [
  ...SUMS,
  ...(['fileChange', 'journalDirty', 'unshared', 'workspace', 'scan', 'said'] as const),
] as const;

/** True when the catalog holds anything that was shared, set or logged. */
export async function hasContent({ db }: Scope): Promise<boolean> {
  for (const table of CONTENT) {
    if (await db.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst()) return true;
  }
  return false;
}

/** Removes all that a rebuild fills. */
export async function emptyOut({ db }: Scope): Promise<void> {
  for (const table of [...CONTENT, ...DERIVED]) await db.deleteFrom(table as 'file').execute();
}

/** Removes what `derive` makes anew. */
export async function dropDerived({ db, kind }: Scope): Promise<void> {
  // Of what Slack tells of files themselves.
  if (kind === 'sqlite') await sql`delete from said_words where rowid < 0`.execute(db);
  else await sql`delete from said_words where id < 0`.execute(db);
  await db.updateTable('file').set({ audienceId: null }).where('audienceId', 'is not', null).execute();
  for (const table of SUMS) await db.deleteFrom(table).execute();
}

/** Forgets what an older copy still has to post or to make for somebody: it was done since, and nothing is told twice. */
export async function forgetPosts({ db }: Scope): Promise<void> {
  const waiting = db.selectFrom('post').select('id').where('dueAt', 'is not', null);
  await db.deleteFrom('notice').where('postId', 'in', waiting).execute();
  await db.deleteFrom('post').where('dueAt', 'is not', null).where('ts', 'is', null).execute();
  await db.updateTable('post').set({ dueAt: null, leaseOwner: null }).execute();
  await db.deleteFrom('exportJob').where('state', '=', 'waiting').execute();
}
