import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * Whether channels without a setting of their own are read, as the files from before were gone through. Until now reading began
 * only where they are.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, [
    `alter table reading_start add column by_default ${columnTypes(kind).int} not null default 1`,
  ]);
}
