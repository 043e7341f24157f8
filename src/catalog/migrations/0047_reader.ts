import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * Which version of the reader a file's text is of, so that it is read anew once there is a better one; and up to which one the files
 * from before were gone through. All that was read until now is of the first. No row is written anew by this.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const column = `add column reader ${columnTypes(kind).int} not null default 1`;
  await run(db, [`alter table reading ${column}`, `alter table reading_start ${column}`]);
}
