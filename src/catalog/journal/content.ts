import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';

/** Tables without any row in a catalog that was never used. */
const CONTENT = ['file', 'share', 'fileVersion', 'channel', 'gone', 'audit', 'hold', 'rule'] as const;
/** Other tables that a rebuild fills. */
const DERIVED = [
  'channelFile',
  'listing',
  'tally',
  'breakdown',
  'audienceChannel',
  'audience',
  ...(['fileChange', 'journalDirty', 'unshared', 'workspace'] as const),
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
