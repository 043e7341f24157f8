import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';

/** So much of a name is in the index of names: PostgreSQL takes no entries of more than 2,704 bytes. */
const INDEXED_NAME_LENGTH = 120;

/** What stands between words. Digits do too: `budget2026` has the word `budget`. */
const SEPARATORS = [
  ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)),
  ...` ._-()[]{}<>,;:+&=#'"!?@/\\|~%$^*\`0123456789`,
].join('');

const SHORTEST_WORD = 3;
const LONGEST_WORD = 24;

/**
 * What finding needs: files by the beginning of their name, by size and by SHA-256, and the words that occur.
 * The words are kept by triggers, so that whatever writes a file's name, they follow.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, statements(kind));
}

function statements(kind: DatabaseKind): string[] {
  const { id, text } = columnTypes(kind);
  return [
    `create index file_named on file (team_id, substr(folded, 1, ${INDEXED_NAME_LENGTH})) where state = 'stored'`,
    `create index file_bytes on file (team_id, stored_bytes) where state = 'stored'`,
    `create index file_sha256 on file (team_id, sha256) where state = 'stored'`,
    `create table find_word (id ${id}, word ${text} not null unique)`,
    ...(kind === 'postgres' ? onPostgres() : onSqlite()),
  ];
}

const isWord = (word: string) => `length(${word}) between ${SHORTEST_WORD} and ${LONGEST_WORD}`;

function onPostgres(): string[] {
  const from = `$sep$${SEPARATORS}$sep$`;
  const words = (folded: string) =>
    `insert into find_word (word)
      select distinct w from regexp_split_to_table(translate(${folded}, ${from}, repeat(' ', ${SEPARATORS.length})), ' +') w
      where ${isWord('w')} order by w on conflict do nothing`;
  return [
    `create function find_words() returns trigger language plpgsql as $body$
     begin
       ${words('new.folded')};
       return null;
     end $body$`,
    `create trigger find_word_insert after insert on file for each row execute function find_words()`,
    `create trigger find_word_update after update of folded on file for each row
       when (old.folded is distinct from new.folded) execute function find_words()`,
    `insert into find_word (word)
      select distinct w from file
      cross join lateral regexp_split_to_table(translate(folded, ${from}, repeat(' ', ${SEPARATORS.length})), ' +') w
      where ${isWord('w')} on conflict do nothing`,
    `do $$ begin
       create index find_word_pieces on find_word using gin (word gin_trgm_ops);
     exception when others then
       raise notice 'pg_trgm is not available: mistyped words will be looked up more slowly';
     end $$`,
  ];
}

/** SQLite splits text nowhere but in JSON: every separator becomes the gap between two elements of an array. */
function onSqlite(): string[] {
  const words = (folded: string, from = '') => {
    const gaps = [...SEPARATORS].reduce(
      (inner, separator) => `replace(${inner}, ${literal(separator)}, char(31))`,
      folded,
    );
    // The text has no quote, backslash or control character left that could break the array.
    const array = `'["' || replace(${gaps}, char(31), '","') || '"]'`;
    return `insert into find_word (word)
      select distinct w.value from ${from} json_each(${array}) w
      where ${isWord('w.value')} on conflict do nothing`;
  };
  return [
    `create virtual table find_spelling using fts5 (word, content='', detail=none, tokenize='trigram case_sensitive 1')`,
    `create trigger find_spelling_insert after insert on find_word begin
      insert into find_spelling (rowid, word) values (new.id, new.word);
    end`,
    `create trigger find_word_insert after insert on file begin ${words('new.folded')}; end`,
    `create trigger find_word_update after update of folded on file when old.folded is not new.folded begin
      ${words('new.folded')};
    end`,
    words('file.folded', 'file cross join'),
  ];
}

function literal(character: string): string {
  return character < ' ' ? `char(${character.charCodeAt(0)})` : `'${character.replaceAll("'", "''")}'`;
}
