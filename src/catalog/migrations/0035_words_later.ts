import { type DatabaseKind, type Db, run } from './frozen/database.ts';
import { FIND_WORDS } from './frozen/find-words.ts';

/**
 * On SQLite, the words of a new file's name are written by a trigger, which takes a third of all that the new row costs. While
 * `find_word_later` has its one row, the trigger leaves them to the transaction that made that row: it writes the words of
 * all its new files at once, and takes the row away before it ends. PostgreSQL keeps to its trigger, and the table empty.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  await run(db, ['create table find_word_later (id integer primary key check (id = 1))']);
  if (kind === 'sqlite')
    await run(db, [
      'drop trigger find_word_insert',
      `create trigger find_word_insert after insert on file when not exists (select 1 from find_word_later) begin
        ${FIND_WORDS}; end`,
    ]);
}
