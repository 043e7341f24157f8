import { type Db, run } from './frozen/database.ts';

/** The sums of what is in the trash, filled from what is there already; the index that it was summed from is gone. */
export async function up(db: Db): Promise<void> {
  await run(db, STATEMENTS);
}

const STATEMENTS = [
  `insert into breakdown (team_id, audience_id, part, name, files, bytes)
      select team_id, audience_id, 'trash', '', count(*), coalesce(sum(stored_bytes), 0)
      from file where state = 'trashed' and audience_id is not null
      group by team_id, audience_id`,
  'drop index if exists file_trash_sum',
];
