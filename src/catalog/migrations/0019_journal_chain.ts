import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * The number of the last segment that the bucket is known to hold; null while that is not known. Each segment names
 * the one before it, so that one that is missing can be named.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { int } = columnTypes(kind);
  await run(db, [`alter table journal add column last_written ${int}`]);
}
