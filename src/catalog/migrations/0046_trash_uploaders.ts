import { type Db, run } from './frozen/database.ts';

/**
 * Where a person's files in the trash are, among channels that they may not see any more: as of those that are not kept, a row
 * without files says it. Only files of the trash are read, along their index.
 */
export async function up(db: Db): Promise<void> {
  await run(db, [
    `insert into tally (team_id, uploader_id, audience_id, files, bytes)
      select distinct team_id, coalesce(uploader_id, ''), audience_id, 0, 0
      from file where state = 'trashed' and audience_id is not null
      on conflict do nothing`,
  ]);
}
