import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { watch } from './frozen/journal-triggers.ts';

/** The tables of holds, channel rules and exports, and the ways in which the audit log and the trash are read. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int, withoutRowid } = columnTypes(kind);
  const due = `due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0`;
  const statements = [
    `create table hold (
      id ${id}, hold_id ${text} not null, team_id ${text} not null,
      person_id ${text}, channel_id ${text}, file_id ${text}, shared_from ${int}, shared_until ${int},
      reason ${text} not null, set_by ${text} not null, set_at ${int} not null,
      lifted_by ${text}, lifted_at ${int},
      walked_to ${int} not null default 0, walked ${int} not null default 0, ${due},
      unique (team_id, hold_id))`,
    `create index hold_in_force on hold (team_id, set_at) where lifted_at is null`,
    `create index hold_due on hold (due_at) where due_at is not null`,
    `create table object_hold (
      id ${id}, team_id ${text} not null, file_id ${text} not null, applied ${int} not null default 0,
      version ${int} not null default 1, ${due}, unique (team_id, file_id))`,
    `create index object_hold_due on object_hold (due_at) where due_at is not null`,
    `create table rule (
      team_id ${text} not null, channel_id ${text} not null, capture ${int}, confirm ${text},
      exclude_types ${text}, max_file_bytes ${int}, retention_days ${int}, on_slack_delete ${text},
      changed_by ${text} not null, changed_at ${int} not null,
      primary key (team_id, channel_id)) ${withoutRowid}`,
    `create table export_job (
      id ${id}, team_id ${text} not null, export_id ${text} not null, kind ${text} not null,
      format ${text} not null, channel_id ${text} not null, filter ${text} not null,
      requested_by ${text} not null, requested_at ${int} not null, state ${text} not null,
      object_key ${text}, row_count ${int} not null default 0, bytes ${int} not null default 0,
      made_at ${int}, error_code ${text}, ${due}, unique (team_id, export_id))`,
    `create index export_job_due on export_job (due_at) where due_at is not null`,
    `create index audit_actor on audit (team_id, actor_id, at)`,
    `create index audit_action on audit (team_id, action, at)`,
    `create index file_trash on file (team_id, trashed_at, file_id) where state = 'trashed'`,
  ];
  await run(db, statements);
  await watch(db, kind, {
    table: 'hold',
    kind: 'hold',
    key: 'hold_id',
    ignored: ['id', 'due_at', 'lease_owner', 'attempts', 'walked_to', 'walked'],
  });
  await watch(db, kind, { table: 'rule', kind: 'rule', key: 'channel_id', ignored: [] });
}
