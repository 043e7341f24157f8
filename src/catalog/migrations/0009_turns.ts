import { sql } from 'kysely';
import type { Db } from './frozen/database.ts';

/** Channels take turns in what is due. */
export async function up(db: Db): Promise<void> {
  await sql`create index file_turn on file (channel_id, due_at)
          where state in ('pending', 'failed', 'storing')`.execute(db);
  await sql`create index post_turn on post (channel_id, due_at) where due_at is not null`.execute(db);
}
