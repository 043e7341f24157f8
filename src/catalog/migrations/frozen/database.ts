import { type Kysely, sql } from 'kysely';

/** Frozen with the migrations that use it; see migrations/index.ts. */
export type DatabaseKind = 'sqlite' | 'postgres';

export type Db = Kysely<unknown>;

/** Runs statements one after the other. */
export async function run(db: Db, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** The words of the table definitions that differ. */
export function columnTypes(kind: DatabaseKind) {
  return kind === 'postgres'
    ? {
        id: 'bigint generated always as identity primary key',
        text: 'text collate "C"', // ids and timestamps sort by their bytes on every server
        int: 'bigint',
        withoutRowid: '',
      }
    : { id: 'integer primary key', text: 'text', int: 'integer', withoutRowid: 'without rowid' };
}

/** The columns that a table has now, as the database names them. */
export async function columnNames(db: Db, kind: DatabaseKind, table: string): Promise<string[]> {
  const { rows } = await (kind === 'postgres'
    ? sql<{ name: string }>`select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = ${table} order by ordinal_position`
    : sql<{ name: string }>`select name from pragma_table_info(${table})`
  ).execute(db);
  return rows.map((row) => row.name);
}
