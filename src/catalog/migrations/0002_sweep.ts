import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** The tables of sweeps and backfills, and what a file remembers of having been found by one. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, statements(kind));
}

function statements(kind: DatabaseKind): string[] {
  const { id, text, int } = columnTypes(kind);
  const due = `due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0`;
  return [
    `alter table file add column quiet ${int} not null default 0`,
    `alter table file add column backfill_id ${int}`,
    `create index file_backfill on file (backfill_id, state, reason) where backfill_id is not null`,
    `create table sweep (
      id ${id}, team_id ${text} not null, channel_id ${text} not null,
      swept_to ${int} not null, met_at ${int} not null, wanted_at ${int} not null, began_at ${int},
      newest ${int}, position ${text}, found ${int} not null default 0, swept_at ${int},
      error_code ${text}, ${due}, unique (team_id, channel_id))`,
    `create index sweep_due on sweep (due_at) where due_at is not null`,
    `create table backfill (
      id ${id}, team_id ${text} not null, channel_id ${text} not null, state ${text} not null,
      requested_by ${text} not null, stopped_by ${text}, started_at ${int} not null, ended_at ${int},
      channel_created_at ${int}, position ${text}, reached_at ${int}, pages ${int} not null default 0,
      messages ${int} not null default 0, known ${int} not null default 0, told_at ${int} not null default 0,
      error_code ${text}, ${due})`,
    `create index backfill_channel on backfill (team_id, channel_id, id)`,
    `create index backfill_due on backfill (due_at) where due_at is not null`,
  ];
}
