import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/**
 * Reading goes on: pictures are read where somebody asked for it (`ocr` names the languages), a picture of the first page is made (`picture` says of which kind), files that were old when they were
 * stored (imported, found in old messages) wait behind new ones, and the words of older versions are in the index, too, under
 * their own ids below nought.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, [
    `alter table reading_start add column ocr ${columnTypes(kind).text} not null default ''`,
    `alter table reading add column picture ${columnTypes(kind).text}`,
    ...(kind === 'postgres' ? onPostgres() : onSqlite()),
  ]);
}

/** Files whose kind says that there are no words in them are not read; a drawing (SVG) may have some, a picture with OCR. */
const IS_ON = `exists (select 1 from reading_start where coalesce(new.mimetype, '') not like 'image/%'
  or new.mimetype like 'image/svg%' or ocr <> '')`;
const MAY_HOLD_TEXT = ['video/', 'audio/', 'font/']
  .map((kind) => `coalesce(new.mimetype, '') not like '${kind}%'`)
  .join(' and ');
/** What was shared a day before it was stored is old: the newer, the earlier it is read; see reading/older.ts. */
const DUE = `case when new.shared_at >= coalesce(new.stored_at, 0) - 86400000 then 0
  when new.shared_at > 1000000000000 then 2000000000000 - new.shared_at else 1000000000000 end`;
const WANT = `insert into reading (team_id, file_id, sha256, state, since, due_at)
  values (new.team_id, new.file_id, coalesce(new.sha256, ''), 'waiting', coalesce(new.stored_at, 0), ${DUE})
  on conflict (team_id, file_id) do update set
    due_at = case when reading.sha256 = excluded.sha256 and reading.state = 'unread' then reading.due_at else 0 end,
    state = case when reading.sha256 = excluded.sha256 then reading.state else 'waiting' end,
    reason = case when reading.sha256 = excluded.sha256 then reading.reason else null end,
    since = case when reading.sha256 = excluded.sha256 then reading.since else excluded.since end,
    attempts = 0, sha256 = excluded.sha256`;
const IS_NEWS = (isNot: string) =>
  ['state', 'sha256', 'audience_id'].map((column) => `old.${column} ${isNot} new.${column}`).join(' or ');
const COLUMNS = 'state, sha256, audience_id';
/** An older version is gone: its words go, and what is kept of it is looked at anew. */
const FORGET_VERSION = `update reading set due_at = 0
  where team_id = old.team_id and file_id = old.file_id and state <> 'unread' and due_at is null`;

function onSqlite(): string[] {
  const forget = `delete from file_contents where rowid = -old.id; ${FORGET_VERSION};`;
  return [
    'drop trigger reading_insert',
    'drop trigger reading_update',
    `create trigger reading_insert after insert on file
      when new.state = 'stored' and ${MAY_HOLD_TEXT} and ${IS_ON} begin ${WANT}; end`,
    `create trigger reading_update after update of ${COLUMNS} on file
      when new.state = 'stored' and (${IS_NEWS('is not')}) and ${MAY_HOLD_TEXT} and ${IS_ON} begin ${WANT}; end`,
    `create trigger reading_version_lost after update of lost_at on file_version
      when old.lost_at is null and new.lost_at is not null begin ${forget} end`,
    `create trigger reading_version_delete after delete on file_version begin ${forget} end`,
  ];
}

function onPostgres(): string[] {
  return [
    'drop trigger reading_insert on file',
    'drop trigger reading_update on file',
    `create or replace function reading_wanted() returns trigger language plpgsql as $body$
     begin
       if ${IS_ON} then
         ${WANT};
       end if;
       return null;
     end $body$`,
    `create function reading_version_forgotten() returns trigger language plpgsql as $body$
     begin
       delete from file_contents where id = -old.id;
       ${FORGET_VERSION};
       return null;
     end $body$`,
    `create trigger reading_insert after insert on file for each row
      when (new.state = 'stored' and ${MAY_HOLD_TEXT}) execute function reading_wanted()`,
    `create trigger reading_update after update of ${COLUMNS} on file for each row
      when (new.state = 'stored' and (${IS_NEWS('is distinct from')}) and ${MAY_HOLD_TEXT})
      execute function reading_wanted()`,
    `create trigger reading_version_lost after update of lost_at on file_version for each row
      when (old.lost_at is null and new.lost_at is not null) execute function reading_version_forgotten()`,
    `create trigger reading_version_delete after delete on file_version for each row
      execute function reading_version_forgotten()`,
  ];
}
