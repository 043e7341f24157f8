import { sql } from 'kysely';
import { lockExclusive } from '../db/dialect.ts';
import type { Catalog, Scope } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/**
 * The indexes that searches by text use on PostgreSQL. They need the extension pg_trgm, which a database may lack; then the
 * migrations leave them out. `operators` is the extension's operator class, with its schema.
 */
const INDEXES = {
  file_text: (operators: string) =>
    `create index file_text on file using gin ((array[audience_id]), folded ${operators}) with (fastupdate = on)`,
  find_word_pieces: (operators: string) =>
    `create index find_word_pieces on find_word using gin (word ${operators})`,
} as const;
type TextIndex = keyof typeof INDEXES;

/** Their names. */
export const TEXT_INDEXES = Object.keys(INDEXES) as TextIndex[];

/** The names of the indexes that searches by text lack; none on SQLite, which brings its own. */
export async function missingTextIndexes({ db, kind }: Scope): Promise<TextIndex[]> {
  if (kind === 'sqlite') return [];
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'i' and relnamespace = current_schema()::regnamespace`.execute(db);
  const there = new Set(rows.map(({ name }) => name));
  return TEXT_INDEXES.filter((name) => !there.has(name));
}

/**
 * Makes the missing indexes if the extension is there by now, or this user may create it. Returns those that it made.
 * Throws what the database says when it cannot; a later start tries again. Writes wait while an index is made.
 */
export async function makeTextIndexes(catalog: Catalog): Promise<string[]> {
  if ((await missingTextIndexes(catalog)).length === 0) return [];
  return inTransaction(catalog, async (scope) => {
    await lockExclusive(scope, 'text indexes');
    await sql`set local statement_timeout = 0`.execute(scope.db);
    await sql`create extension if not exists pg_trgm`.execute(scope.db);
    const { rows } = await sql<{ schema: string }>`
      select quote_ident(nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where extname = 'pg_trgm'`.execute(scope.db);
    const missing = await missingTextIndexes(scope);
    for (const name of missing)
      await sql.raw(INDEXES[name](`${rows[0]?.schema}.gin_trgm_ops`)).execute(scope.db);
    return missing;
  });
}
