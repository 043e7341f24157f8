import { type DatabaseKind, type Db, run } from './frozen/database.ts';

/** The private characters of Unicode's first plane: no keyboard has them. */
const FIRST_PRIVATE = 0xe000;
const PRIVATE = 6_400;

const tokenOf = (id: string) =>
  `char(${FIRST_PRIVATE} + ${id} / ${PRIVATE ** 2} % ${PRIVATE}, ${FIRST_PRIVATE} + ${id} / ${PRIVATE} % ${PRIVATE},
    ${FIRST_PRIVATE} + ${id} % ${PRIVATE})`;

/** Fills SQLite's search index from the files. */
export const FILL_FILE_TEXT = `insert into file_text (rowid, folded, place)
  select id, folded, ${tokenOf('audience_id')} from file where audience_id is not null order by id`;

/**
 * The search index over names knows the audiences of the files, too. So a word that is common elsewhere costs nothing
 * where it is rare: the databases go along what is rarer, the word or the audience. And what is in the trash is read
 * by audience, so that one channel's is found however much there is of others.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, statements(kind));
}

export function statements(kind: DatabaseKind): string[] {
  return [
    ...(kind === 'postgres' ? onPostgres() : onSqlite()),
    `create index file_trash_audience on file (audience_id, trashed_at, file_id) where state = 'trashed'`,
  ];
}

function onPostgres(): string[] {
  return [
    `do $$ begin
       drop index if exists file_text;
       create index file_text on file using gin ((array[audience_id]), folded gin_trgm_ops) with (fastupdate = on);
     exception when others then
       raise notice 'pg_trgm is not available: searching by text will be slow';
     end $$`,
  ];
}

/** A file is in the index from the moment it has an audience, which is before its first transaction ends. */
function onSqlite(): string[] {
  const add = `insert into file_text (rowid, folded, place) values (new.id, new.folded, ${tokenOf('new.audience_id')});`;
  const changes = 'old.folded is not new.folded or old.audience_id is not new.audience_id';
  return [
    'drop trigger file_text_insert',
    'drop trigger file_text_update',
    'drop table file_text',
    `create virtual table file_text using fts5
       (folded, place, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')`,
    `create trigger file_text_insert after insert on file when new.audience_id is not null begin ${add} end`,
    `create trigger file_text_add after update of folded, audience_id on file
       when old.audience_id is null and new.audience_id is not null begin ${add} end`,
    `create trigger file_text_update after update of folded, audience_id on file
       when old.audience_id is not null and (${changes}) begin
         delete from file_text where rowid = old.id;
         insert into file_text (rowid, folded, place)
           select new.id, new.folded, ${tokenOf('new.audience_id')} where new.audience_id is not null;
       end`,
    FILL_FILE_TEXT,
  ];
}
