import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** Which commands and clicks came in the last minutes, so that a copy is known after a restart and by other bots. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int, withoutRowid } = columnTypes(kind);
  await run(db, [
    `create table seen_request (digest ${text} primary key, at ${int} not null) ${withoutRowid}`,
    `create index seen_request_at on seen_request (at)`,
  ]);
}
