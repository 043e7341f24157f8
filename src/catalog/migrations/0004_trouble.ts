import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * What watching over the vault needs: since when a file fails, files on their way, newest first, and files in the order of their keys (to hold them
 * against the bucket's listing), chores that one process at a time does, and troubles that admins are told of.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, statements(kind));
}

function statements(kind: DatabaseKind): string[] {
  const { id, text, int } = columnTypes(kind);
  return [
    `alter table file add column failed_at ${int}`,
    `create index file_failing on file (team_id, failed_at) where failed_at is not null`,
    `create index file_on_the_way on file (team_id, shared_at, file_id) where state in ('pending', 'storing')`,
    `create index file_object on file (object_key, state)`,
    `create table chore (
      id ${id}, name ${text} not null unique, memo ${text} not null,
      due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0)`,
    `create table trouble (
      id ${id}, team_id ${text} not null, topic ${text} not null, detail ${text} not null,
      raised_at ${int} not null, cleared_at ${int}, round ${int})`,
    `create unique index trouble_open on trouble (team_id, topic) where cleared_at is null`,
    `create index trouble_round on trouble (team_id, round)`,
  ];
}
