import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { rewatch, watch } from './frozen/journal-triggers.ts';

/**
 * What was said with a file where it was shared: the words of its message, and of the first message of the thread; a row for each
 * file and message with words. The index of these words, and of what Slack tells of the file itself (under the file's own
 * number below zero), each with the channels whose people may see them. And what a channel keeps of all that.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  await run(db, [
    `create table said (
      id ${id}, team_id ${text} not null, file_id ${text} not null, channel_id ${text} not null, ts ${text} not null,
      author ${text}, words ${text} not null, at ${int} not null,
      thread_ts ${text}, root_author ${text}, root_words ${text}, root_at ${int},
      unique (team_id, file_id, channel_id, ts))`,
    'create index said_message on said (team_id, channel_id, ts)',
    `create index said_thread on said (team_id, channel_id, thread_ts) where thread_ts is not null`,
    `alter table rule add column text ${text}`,
    ...(kind === 'postgres' ? onPostgres() : onSqlite()),
  ]);
  await rewatch(db, kind, 'rule');
  await watch(db, kind, { table: 'said', kind: 'file', key: 'file_id', ignored: ['id'] });
}

function onSqlite(): string[] {
  return [
    `create virtual table said_words using fts5
      (words, content='', contentless_delete=1, detail=full, tokenize='unicode61 remove_diacritics 0')`,
    `create trigger said_delete after delete on said begin delete from said_words where rowid = old.id; end`,
    `create trigger said_file_delete after delete on file begin delete from said_words where rowid = -old.id; end`,
  ];
}

function onPostgres(): string[] {
  return [
    `create table said_words (id bigint primary key, channels text[] not null, words tsvector not null)`,
    `create index said_words_words on said_words using gin (channels, words)`,
    `create function said_forgotten() returns trigger language plpgsql as $body$
     begin
       if tg_table_name = 'said' then delete from said_words where id = old.id;
       else delete from said_words where id = -old.id; end if;
       return null;
     end $body$`,
    `create trigger said_delete after delete on said for each row execute function said_forgotten()`,
    `create trigger said_file_delete after delete on file for each row execute function said_forgotten()`,
  ];
}
