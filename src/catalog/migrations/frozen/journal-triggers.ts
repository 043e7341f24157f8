import { sql } from 'kysely';
import { columnNames, type DatabaseKind, type Db, run } from './database.ts';

export interface Watched {
  table: string;
  kind: 'file' | 'channel' | 'gone' | 'audit' | 'hold' | 'rule';
  /** The column that names the thing, besides the team. */
  key: string;
  /** Columns whose change is not worth telling: work, leases, private URLs, and what is derived. */
  ignored: string[];
}

export const WATCHED: Watched[] = [
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

/** Has the journal note every change of a table that a later migration made. */
export async function watch(db: Db, kind: DatabaseKind, watched: Watched): Promise<void> {
  await run(db, await triggers(db, kind, watched));
}

/** Makes the triggers of a table anew, after a migration that added columns to it. */
export async function rewatch(db: Db, kind: DatabaseKind, table: string): Promise<void> {
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
export async function triggers(db: Db, kind: DatabaseKind, watched: Watched): Promise<string[]> {
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
