import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** Who shares the catalog. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int } = columnTypes(kind);
  await run(db, [`create table bot (owner ${text} primary key, seen_at ${int} not null)`]);
}
