import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch, watch } from './frozen/journal-triggers.ts';
import { recogniseNames } from './frozen/names.ts';

/**
 * What it takes to keep everything that Slack calls a file: later versions, attachments of e-mails, what is to be known
 * of a file besides its description, the order of a message's files, and since when a channel is there.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  const due = `due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0`;
  const statements = [
    `alter table file add column updated_at ${int}`,
    `alter table file add column parent_id ${text}`,
    `alter table file add column facts ${text} not null default '{}'`,
    `alter table file add column stored_type ${text}`,
    `alter table file add column version ${int} not null default 1`,
    `alter table file add column older_versions ${int} not null default 0`,
    `alter table file add column older_bytes ${int} not null default 0`,
    `alter table file add column told ${int} not null default 0`,
    // What is stored already has been told, or was to be told to nobody; what was not kept is old news by now.
    `update file set told = 1 where stored_at is not null or state = 'skipped'`,
    // Partial indexes serve a query only if it repeats their condition word for word.
    `create index file_failed on file (team_id, shared_at, file_id) where state = 'failed'`,
    `create index file_not_kept on file (team_id, shared_at, file_id) where state = 'skipped' and reason in ('hidden_by_limit', 'access_denied', 'too_large', 'excluded_type', 'not_found', 'not_in_channel', 'no_content')`,
    `create index file_link on file (team_id, shared_at, file_id) where state = 'skipped' and reason = 'external'`,
    // Since when a message or an App Home is refused for a reason that nobody knows.
    `alter table post add column failed_at ${int}`,
    `alter table home add column failed_at ${int}`,
    // Lists have bytes after all: seen once more, they count as not known before.
    `update file set known_as = 2 where state = 'skipped' and reason = 'no_content'`,
    `create index file_parent on file (team_id, parent_id) where parent_id is not null`,
    `alter table share add column position ${int} not null default 0`,
    `alter table share add column silent ${int} not null default 0`,
    `alter table channel add column created_at ${int}`,
    `alter table notice add column reason ${text}`,
    `alter table notice add column sort_key ${text}`,
    `alter table rule add column tell_excluded ${int}`,
    `create table file_version (
      id ${id}, team_id ${text} not null, file_id ${text} not null, number ${int} not null,
      object_key ${text} not null, stored_bytes ${int} not null, sha256 ${text} not null, crc32 ${text} not null,
      etag ${text}, version_id ${text}, proof ${text} not null, stored_type ${text}, stored_at ${int} not null,
      lost_at ${int}, hold_applied ${int} not null default 0, ${due},
      unique (team_id, file_id, number))`,
    `create index file_version_object on file_version (object_key)`,
    `create index file_version_due on file_version (due_at) where due_at is not null`,
    `create table file_change (
      id ${id}, team_id ${text} not null, file_id ${text} not null,
      first_at ${int} not null, last_at ${int} not null, version ${int} not null default 1, ${due},
      unique (team_id, file_id))`,
    `create index file_change_due on file_change (due_at) where due_at is not null`,
  ];
  await run(db, statements);
  for (const table of ['file', 'share', 'channel', 'rule']) await rewatch(db, kind, table);
  // After the triggers, so that the journal tells of it.
  await recogniseNames(db);
  await watch(db, kind, {
    table: 'file_version',
    kind: 'file',
    key: 'file_id',
    ignored: ['id', 'due_at', 'lease_owner', 'attempts'],
  });
}
