import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** Which message explained to a channel, once, how to get fewer confirmations. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int, withoutRowid } = columnTypes(kind);
  await run(db, [
    `create table explained (
      team_id ${text} not null, channel_id ${text} not null, post_id ${int} not null,
      primary key (team_id, channel_id)) ${withoutRowid}`,
  ]);
}
