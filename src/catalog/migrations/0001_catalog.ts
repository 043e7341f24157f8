import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** The tables of files, shares, lists, sums, messages and the audit log. */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, [...firstTables(kind), ...firstIndexes(), ...searchIndex(kind)]);
}

function firstTables(kind: DatabaseKind): string[] {
  const { id, text, int, withoutRowid } = columnTypes(kind);
  const due = `due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0`;
  return [
    `create table file (
      id ${id}, team_id ${text} not null, file_id ${text} not null,
      name ${text}, title ${text}, mimetype ${text}, filetype ${text}, mode ${text}, size ${int},
      uploader_id ${text}, created_at ${int}, url ${text}, external_url ${text}, permalink ${text},
      state ${text} not null, reason ${text}, error_code ${text}, error_text ${text}, ${due},
      channel_id ${text} not null, message_ts ${text}, thread_ts ${text}, shared_at ${int} not null,
      object_key ${text}, stored_bytes ${int}, sha256 ${text}, crc32 ${text}, etag ${text},
      version_id ${text}, proof ${text}, stored_at ${int},
      trashed_at ${int}, trashed_by ${text}, purge_at ${int}, slack_deleted_at ${int},
      known_as ${int} not null, folded ${text} not null, audience_id ${int},
      unique (team_id, file_id))`,
    `create table share (
      id ${id}, team_id ${text} not null, file_id ${text} not null, channel_id ${text} not null,
      channel_kind ${text}, ts ${text} not null, thread_ts ${text}, user_id ${text},
      shared_at ${int} not null, removed_at ${int},
      unique (team_id, file_id, channel_id, ts))`,
    `create table channel_file (
      team_id ${text} not null, file_id ${text} not null, channel_id ${text} not null,
      shared_at ${int} not null, shared_by ${text}, listed_as ${text},
      primary key (team_id, file_id, channel_id)) ${withoutRowid}`,
    `create table listing (
      team_id ${text} not null, channel_id ${text} not null, tag ${text} not null,
      shared_at ${int} not null, file_id ${text} not null,
      primary key (team_id, channel_id, tag, shared_at, file_id)) ${withoutRowid}`,
    `create table audience (
      id ${id}, team_id ${text} not null, channels ${text} not null,
      files ${int} not null default 0, bytes ${int} not null default 0,
      unique (team_id, channels))`,
    `create table audience_channel (
      team_id ${text} not null, channel_id ${text} not null, audience_id ${int} not null,
      primary key (team_id, channel_id, audience_id)) ${withoutRowid}`,
    `create table tally (
      team_id ${text} not null, uploader_id ${text} not null, audience_id ${int} not null,
      files ${int} not null, bytes ${int} not null,
      primary key (team_id, uploader_id, audience_id)) ${withoutRowid}`,
    `create table channel (
      team_id ${text} not null, channel_id ${text} not null, name ${text}, kind ${text} not null,
      is_member ${int} not null, is_archived ${int} not null, im_user_id ${text}, checked_at ${int} not null,
      primary key (team_id, channel_id)) ${withoutRowid}`,
    `create table gone (
      team_id ${text} not null, file_id ${text} not null, deleted_at ${int} not null,
      primary key (team_id, file_id)) ${withoutRowid}`,
    `create table post (
      id ${id}, team_id ${text} not null, channel_id ${text} not null, thread_ts ${text},
      manner ${text} not null, kind ${text} not null, topic ${text} not null, ts ${text}, sent_at ${int},
      version ${int} not null, opened_at ${int} not null, error_code ${text}, dropped_code ${text}, ${due})`,
    `create table notice (
      id ${id}, post_id ${int} not null references post (id), kind ${text} not null, file_id ${text} not null,
      actor_id ${text}, name ${text}, bytes ${int}, at ${int} not null)`,
    `create table home (
      id ${id}, team_id ${text} not null, user_id ${text} not null, opened_at ${int} not null,
      version ${int} not null default 0, claimed_version ${int} not null default 0, ${due},
      unique (team_id, user_id))`,
    `create table audit (
      id ${id}, at ${int} not null, team_id ${text} not null, actor_id ${text} not null,
      action ${text} not null, file_id ${text}, channel_id ${text}, detail ${text} not null)`,
  ];
}

/** Partial indexes serve a query only if it repeats their condition word for word. */
function firstIndexes(): string[] {
  return [
    `create index file_capture_due on file (due_at, state) where state in ('pending', 'failed', 'storing')`,
    `create index file_purge_due on file (due_at) where state = 'trashed'`,
    `create index file_leased on file (lease_owner) where lease_owner is not null`,
    `create index file_uploader on file (team_id, uploader_id, shared_at, file_id) where state = 'stored'`,
    `create index file_trouble on file (team_id, shared_at, file_id) where state = 'failed' or (state = 'skipped' and reason in ('access_denied', 'too_large', 'hidden_by_limit'))`,
    `create index share_message on share (team_id, channel_id, ts)`,
    `create index channel_file_channel on channel_file (team_id, channel_id, file_id)`,
    `create index post_topic on post (team_id, topic, channel_id)`,
    `create index post_due on post (due_at) where due_at is not null`,
    `create index notice_post on notice (post_id)`,
    `create index home_due on home (due_at) where due_at is not null`,
    `create index home_opened on home (team_id, opened_at)`,
    `create index audit_file on audit (team_id, file_id, at)`,
    `create index audit_time on audit (team_id, at)`,
    `create index file_audience on file (audience_id)`,
  ];
}

/** Statements that make the search index over `file.folded`. PostgreSQL does without where pg_trgm is missing. */
export function searchIndex(kind: DatabaseKind): string[] {
  if (kind === 'postgres') {
    return [
      `do $$ begin
         create extension if not exists pg_trgm;
         create index file_text on file using gin (folded gin_trgm_ops) with (fastupdate = on);
       exception when others then
         raise notice 'pg_trgm is not available: searching by text will be slow';
       end $$`,
    ];
  }
  return [
    `create virtual table file_text using fts5
       (folded, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')`,
    `create trigger file_text_insert after insert on file begin
       insert into file_text (rowid, folded) values (new.id, new.folded);
     end`,
    `create trigger file_text_update after update of folded on file when old.folded is not new.folded begin
       delete from file_text where rowid = old.id;
       insert into file_text (rowid, folded) values (new.id, new.folded);
     end`,
  ];
}
