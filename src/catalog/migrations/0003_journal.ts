import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { columnTypes, type DatabaseKind, type Db, run } from './frozen/database.ts';
import { triggers, WATCHED } from './frozen/journal-triggers.ts';

/**
 * Makes the journal's tables and the triggers that note every change. `journal_dirty` only grows while changes wait
 * for the next segment; its ids are never given out twice, so forgetting what was written cannot forget what
 * came later. `journal` is one row: whose history this is, and how far it has come.
 */
export async function up(db: Db, kind: DatabaseKind): Promise<void> {
  const { id, text, int } = columnTypes(kind);
  const neverReused = kind === 'sqlite' ? 'integer primary key autoincrement' : id;
  const statements = [
    `create table journal_dirty (
      id ${neverReused}, kind ${text} not null, team_id ${text} not null, key ${text} not null)`,
    `create table journal (
      id ${int} primary key, history ${text} not null, number ${int} not null, first ${int} not null,
      segments ${int} not null, walk ${text}, walk_after ${text}, walk_first ${int},
      rebuilding ${int} not null default 0,
      due_at ${int}, lease_owner ${text}, attempts ${int} not null default 0)`,
  ];
  for (const watched of WATCHED) statements.push(...(await triggers(db, kind, watched)));
  if (kind === 'sqlite') {
    statements.push(`create trigger file_text_delete after delete on file begin
      delete from file_text where rowid = old.id;
    end`);
  }
  await run(db, statements);
  // A catalog that is older than its journal is told whole.
  await sql`insert into journal (id, history, number, first, segments, walk, walk_after, walk_first)
    select 1, ${randomUUID()}, 0, 1, 0, case when exists (select 1 from file) then 'file' end, '', 1`.execute(
    db,
  );
}
