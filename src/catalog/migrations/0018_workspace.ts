import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** The one workspace whose files the catalog is about, and the schema that each bot knows. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int } = columnTypes(kind);
  await run(db, [
    `create table workspace (id ${int} primary key check (id = 1), team_id ${text} not null)`,
    `alter table bot add column schema_name ${text}`,
  ]);
}
