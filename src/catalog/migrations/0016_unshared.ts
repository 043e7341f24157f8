import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch } from './frozen/journal-triggers.ts';

/**
 * What it takes to close what was taken back in Slack: when a share was shown and removed, by Slack's clock, so that the
 * order of deliveries does not matter; and removals that came before what they remove. Shares that were removed before
 * stay so; the chore `unshared` brings the lists in line with them after the start.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { text, int, withoutRowid } = columnTypes(kind);
  const statements = [
    `alter table share add column shown_at ${int} not null default 0`,
    `alter table share add column taken_at ${int}`,
    `alter table share add column heard_at ${int}`,
    `create index share_removed on share (team_id, file_id) where removed_at is not null`,
    `update share set taken_at = removed_at, heard_at = removed_at where removed_at is not null`,
    `create table unshared (
      team_id ${text} not null, channel_id ${text} not null, ts ${text} not null, file_id ${text} not null,
      at ${int} not null, heard_at ${int} not null,
      primary key (team_id, channel_id, ts, file_id, at)) ${withoutRowid}`,
    `create index unshared_file on unshared (team_id, file_id)`,
    `alter table file add column forget ${int} not null default 0`,
  ];
  await run(db, statements);
  for (const table of ['file', 'share']) await rewatch(db, kind, table);
}
