import { type DatabaseKind, type Db, run } from './frozen/database.ts';

/** What lists show: listed, and not gone before it had a name. */
const SHOWN = `state in ('pending', 'storing', 'stored', 'failed', 'skipped')
  and not (state = 'skipped' and reason in ('tombstone', 'deleted_in_slack')
    and trim(coalesce(name, '')) = '' and trim(coalesce(title, '')) = '')`;

/**
 * Lists by size and by name. The files of one channel set stand together and in order, so the first ones of all that a
 * person may see are among the first ones of their channel sets.
 */
export async function up(db: Db, _kind: DatabaseKind): Promise<void> {
  await run(db, [
    `create index file_by_bytes on file (audience_id, coalesce(stored_bytes, size, 0), file_id) where ${SHOWN}`,
    `create index file_by_name on file (audience_id, substr(folded, 1, 120), file_id) where ${SHOWN}`,
  ]);
}
