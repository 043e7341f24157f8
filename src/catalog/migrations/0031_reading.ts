import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** Files whose kind says that there are no words in them are not read. A drawing (SVG) may have some. */
const mayHoldText = (row: string) => {
  const type = `coalesce(${row}.mimetype, '')`;
  const others = ['video/', 'audio/', 'font/'].map((kind) => `${type} not like '${kind}%'`);
  return `((${type} not like 'image/%' or ${type} like 'image/svg%') and ${others.join(' and ')})`;
};

/**
 * What is to be read of each stored file so that it is found by what is in it, and the index of the words. Triggers keep
 * the rows, so that whatever stores or removes a file, they follow, but only where reading was ever switched on: then
 * `reading_start` has its one row, with how far the files from before were gone through, the newest first. The words of a file are not in order and without their
 * places: the text itself is in the bucket.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  await run(db, [
    `create table reading (
      id ${id}, team_id ${text} not null, file_id ${text} not null, sha256 ${text} not null,
      state ${text} not null, reason ${text}, since ${int} not null,
      due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0,
      unique (team_id, file_id))`,
    'create index reading_due on reading (due_at) where due_at is not null',
    `create index reading_unread on reading (team_id, reason) where reason is not null`,
    `create table reading_start (id int primary key, before_id ${int} not null)`,
    ...(kind === 'postgres' ? onPostgres() : onSqlite()),
  ]);
}

/** Where nobody asked for it, nothing is written. */
const IS_ON = 'exists (select 1 from reading_start)';
/** New bytes are read; the same bytes, for other people than before, are only put into the index anew. */
const WANT = `insert into reading (team_id, file_id, sha256, state, since, due_at)
  values (new.team_id, new.file_id, coalesce(new.sha256, ''), 'waiting', coalesce(new.stored_at, 0), 0)
  on conflict (team_id, file_id) do update set
    due_at = case when reading.sha256 = excluded.sha256 and reading.state = 'unread' then reading.due_at else 0 end,
    state = case when reading.sha256 = excluded.sha256 then reading.state else 'waiting' end,
    reason = case when reading.sha256 = excluded.sha256 then reading.reason else null end,
    since = case when reading.sha256 = excluded.sha256 then reading.since else excluded.since end,
    attempts = 0, sha256 = excluded.sha256`;
const FORGET = `delete from reading where team_id = old.team_id and file_id = old.file_id`;
const IS_NEWS = (isNot: string) =>
  ['state', 'sha256', 'audience_id'].map((column) => `old.${column} ${isNot} new.${column}`).join(' or ');
const COLUMNS = 'state, sha256, audience_id';

function onSqlite(): string[] {
  const forget = `${FORGET}; delete from file_contents where rowid = old.id;`;
  return [
    `create virtual table file_contents using fts5
      (words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0')`,
    `create trigger reading_insert after insert on file
      when new.state = 'stored' and ${mayHoldText('new')} and ${IS_ON} begin ${WANT}; end`,
    `create trigger reading_update after update of ${COLUMNS} on file
      when new.state = 'stored' and (${IS_NEWS('is not')}) and ${mayHoldText('new')} and ${IS_ON} begin ${WANT}; end`,
    `create trigger reading_purge after update of state on file
      when old.state <> 'purged' and new.state = 'purged' begin ${forget} end`,
    `create trigger reading_delete after delete on file begin ${forget} end`,
  ];
}

function onPostgres(): string[] {
  return [
    `create table file_contents (id bigint primary key, audience_id bigint, words tsvector not null)`,
    `create index file_contents_words on file_contents using gin ((array[audience_id]), words)`,
    `create function reading_wanted() returns trigger language plpgsql as $body$
     begin
       if ${IS_ON} then
         ${WANT};
       end if;
       return null;
     end $body$`,
    `create function reading_forgotten() returns trigger language plpgsql as $body$
     begin
       ${FORGET};
       delete from file_contents where id = old.id;
       return null;
     end $body$`,
    `create trigger reading_insert after insert on file for each row
      when (new.state = 'stored' and ${mayHoldText('new')}) execute function reading_wanted()`,
    `create trigger reading_update after update of ${COLUMNS} on file for each row
      when (new.state = 'stored' and (${IS_NEWS('is distinct from')}) and ${mayHoldText('new')})
      execute function reading_wanted()`,
    `create trigger reading_purge after update of state on file for each row
      when (old.state <> 'purged' and new.state = 'purged') execute function reading_forgotten()`,
    `create trigger reading_delete after delete on file for each row execute function reading_forgotten()`,
  ];
}
