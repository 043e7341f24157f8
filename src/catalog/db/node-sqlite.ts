import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';

/** How many prepared statements are kept. The catalog has about a hundred; lists of ids make some more. */
const MAX_STATEMENTS = 400;

/** Gives a `node:sqlite` database to Kysely's SQLite dialect, and keeps its prepared statements. */
export function kyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const prepared = new LRUCache<string, SqliteStatement>({ max: MAX_STATEMENTS });
  return {
    close: () => database.close(),
    prepare(sql) {
      let statement = prepared.get(sql);
      if (!statement) {
        statement = wrap(database.prepare(sql));
        prepared.set(sql, statement);
      }
      return statement;
    },
  };
}

function wrap(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters.map(asInteger) as SQLInputValue[];
  const reader = statement.columns().length > 0;
  if (!reader) allowLargeRowid(statement);
  return {
    reader,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

/**
 * Node binds every number as a floating-point one (`sqlite3_bind_double`), and FTS5 passes over limits for a rowid that are no
 * integers (`fts5GetRowidLimit` in fts5_main.c): it would read its index from end to end, and SQLite would throw away what is
 * outside.
 */
function asInteger(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

/**
 * `run` answers with the last rowid that anything inserted, and since 2026 it throws for one above 2^53, after the statement has
 * done its work (nodejs/node#65177). FTS5's own tables have such rowids: a deletion may write a page of them (fts5_index.c,
 * FTS5_TOMBSTONE_ROWID).
 */
export function allowLargeRowid(statement: StatementSync): StatementSync {
  statement.setReadBigInts(true);
  return statement;
}
