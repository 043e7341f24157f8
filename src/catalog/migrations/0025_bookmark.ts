import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/** A “Files” bookmark in a channel: whether it is wanted, and whether it is there. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { int } = columnTypes(kind);
  await run(db, [
    `alter table rule add column bookmark ${int}`,
    `alter table rule add column bookmark_done ${int}`,
  ]);
  await rewatch(db, kind, 'rule');
}
