import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { columnNames, columnTypes } from '../dialect.ts';
import type { DatabaseKind, JournalKind } from './schema.ts';

export interface Watched {
  table: string;
  kind: JournalKind;
  /** The column that names the thing, besides the team. */
  key: string;
  /** Columns whose change is not worth telling: work, leases, private URLs, and what is derived. */
  ignored: string[];
}

const WATCHED: Watched[] = [
  {
    table: 'file',
    kind: 'file',
    key: 'file_id',
    ignored: ['id', 'due_at', 'lease_owner', 'attempts', 'url', 'folded', 'audience_id', 'backfill_id'],
  },
  { table: 'share', kind: 'file', key: 'file_id', ignored: ['id'] },
  { table: 'channel', kind: 'channel', key: 'channel_id', ignored: ['checked_at'] },
  { table: 'gone', kind: 'gone', key: 'file_id', ignored: [] },
  { table: 'audit', kind: 'audit', key: 'id', ignored: [] },
];

/** A capture under way is no news: to the journal, such a file still waits, or has failed. */
const JOURNALED_STATE = (row: string) =>
  `case when ${row}.state <> 'storing' then ${row}.state
    when ${row}.error_code is null then 'pending' else 'failed' end`;

/**
 * Makes the journal's tables and the triggers that note every change. `journal_dirty` only grows while changes wait
 * for the next segment; its ids are never given out twice, so forgetting what was written cannot forget what
 * came later. `journal` is one row: whose history this is, and how far it has come.
 */
export async function createJournal(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
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
  for (const statement of statements) await sql.raw(statement).execute(db);
  // A catalog that is older than its journal is told whole.
  await sql`insert into journal (id, history, number, first, segments, walk, walk_after, walk_first)
    select 1, ${randomUUID()}, 0, 1, 0, case when exists (select 1 from file) then 'file' end, '', 1`.execute(
    db,
  );
}

/** Has the journal note every change of a table that a later migration made. */
export async function watch(db: Kysely<unknown>, kind: DatabaseKind, watched: Watched): Promise<void> {
  for (const statement of await triggers(db, kind, watched)) await sql.raw(statement).execute(db);
}

/** Makes the triggers of a table anew, after a migration that added columns to it. */
export async function rewatch(db: Kysely<unknown>, kind: DatabaseKind, table: string): Promise<void> {
  const known = [...WATCHED, { table: 'rule', kind: 'rule' as const, key: 'channel_id', ignored: [] }];
  const watched = known.find((one) => one.table === table);
  if (watched === undefined) throw new Error(`The journal does not watch ${table}`);
  const names = kind === 'sqlite' ? ['insert', 'update', 'delete'] : ['change', 'update'];
  for (const name of names) {
    const on = kind === 'sqlite' ? '' : ` on ${table}`;
    await sql.raw(`drop trigger if exists journal_${table}_${name}${on}`).execute(db);
  }
  await watch(db, kind, watched);
}

/** Triggers are made from the columns that the table has now. A migration that adds columns makes them anew. */
async function triggers(db: Kysely<unknown>, kind: DatabaseKind, watched: Watched): Promise<string[]> {
  const { table, ignored } = watched;
  const columns = (await columnNames(db, kind, table)).filter((column) => !ignored.includes(column));
  const value = (row: string, column: string) =>
    table === 'file' && column === 'state' ? JOURNALED_STATE(row) : `${row}.${column}`;
  const differs = kind === 'sqlite' ? 'is not' : 'is distinct from';
  const changed = columns
    .map((column) => `(${value('old', column)}) ${differs} (${value('new', column)})`)
    .join(' or ');
  return kind === 'sqlite' ? sqliteTriggers(watched, changed) : postgresTriggers(watched, changed);
}

function note(watched: Watched, row: 'old' | 'new'): string {
  return `insert into journal_dirty (kind, team_id, key)
    values ('${watched.kind}', ${row}.team_id, cast(${row}.${watched.key} as text));`;
}

/** A row that got another key is news under both: it is gone from the old one. */
function noteMoved(watched: Watched): string {
  return `insert into journal_dirty (kind, team_id, key)
    select '${watched.kind}', old.team_id, cast(old.${watched.key} as text)
    where old.team_id <> new.team_id or old.${watched.key} <> new.${watched.key};`;
}

function sqliteTriggers(watched: Watched, changed: string): string[] {
  const { table } = watched;
  return [
    `create trigger journal_${table}_insert after insert on ${table} begin ${note(watched, 'new')} end`,
    `create trigger journal_${table}_update after update on ${table} when ${changed}
      begin ${note(watched, 'new')} ${noteMoved(watched)} end`,
    `create trigger journal_${table}_delete after delete on ${table} begin ${note(watched, 'old')} end`,
  ];
}

function postgresTriggers(watched: Watched, changed: string): string[] {
  const { table } = watched;
  return [
    `create or replace function journal_${table}() returns trigger language plpgsql as $$ begin
       if tg_op = 'DELETE' then ${note(watched, 'old')}
       else ${note(watched, 'new')} end if;
       if tg_op = 'UPDATE' then ${noteMoved(watched)} end if;
       return null;
     end $$`,
    `create trigger journal_${table}_change after insert or delete on ${table}
      for each row execute function journal_${table}()`,
    `create trigger journal_${table}_update after update on ${table}
      for each row when (${changed}) execute function journal_${table}()`,
  ];
}
