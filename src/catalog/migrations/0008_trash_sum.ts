import { sql } from 'kysely';
import type { Db } from './frozen/database.ts';

/** What the trash holds is summed from this index alone. */
export async function up(db: Db): Promise<void> {
  await sql`create index file_trash_sum on file (team_id, stored_bytes) where state = 'trashed'`.execute(db);
}
