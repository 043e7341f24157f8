import { sql } from 'kysely';
import type { Scope } from '../db/schema.ts';
import type { FileRef } from '../model.ts';

/**
 * A file has another name: its words are put into the index once more, beside those of the name. On PostgreSQL, whoever writes down
 * just now what was read is waited for: it may still have the old name.
 */
export async function indexNameAgain({ db }: Scope, { teamId, fileId }: FileRef): Promise<void> {
  await sql`update reading set due_at = case when state = 'read' then coalesce(due_at, 0) else due_at end
    where team_id = ${teamId} and file_id = ${fileId}`.execute(db);
}
