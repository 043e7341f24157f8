import type { DatabaseSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteDialect,
} from 'kysely';
import { type Batch, type Batches, type BatchOptions, createBatches } from './batches.ts';
import { createLogSync } from './log-sync.ts';
import { kyselyDatabase } from './node-sqlite.ts';

/**
 * Kysely's dialect for SQLite, with other commits: all work that comes within one turn of the event loop is committed
 * together (see `batches.ts`). Each transaction is a savepoint there, so a failed one is still undone alone. The
 * database must run with a write-ahead log and `synchronous = normal` (see `log-sync.ts`).
 */
export function sharedCommitDialect(database: DatabaseSync, options: Partial<BatchOptions> = {}): Dialect {
  const batches = createBatches(database, { log: createLogSync(pathOf(database)), ...options });
  const plain = new SqliteDialect({ database: kyselyDatabase(database) });
  return {
    createDriver: () => sharedCommitDriver(database, batches, plain.createDriver()),
    createQueryCompiler: () => plain.createQueryCompiler(),
    createAdapter: () => new OwnQueueAdapter(),
    createIntrospector: (db: Kysely<unknown>) => plain.createIntrospector(db),
  };
}

function pathOf(database: DatabaseSync): string {
  const path = database.location();
  if (path === null) throw new Error('a database in memory has no log to sync');
  return path;
}

/** Kysely would let the next one in only after the commit of the one before. The queue here replaces that. */
class OwnQueueAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

interface Connection extends DatabaseConnection {
  batch: Batch;
}

function sharedCommitDriver(database: DatabaseSync, batches: Batches, plain: Driver): Driver {
  const run = (sql: string) => async (connection: DatabaseConnection) => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: (options) => plain.init(options),
    async acquireConnection() {
      const batch = await batches.enter();
      return connectionIn(batch, database, await plain.acquireConnection());
    },
    beginTransaction: run('savepoint work'),
    commitTransaction: run('release work'),
    async rollbackTransaction(connection) {
      // After a full disk SQLite has already undone everything.
      if (!database.isTransaction) return;
      try {
        database.exec('rollback to work; release work');
      } catch (error) {
        // Otherwise half of it would be committed with the others' work.
        (connection as Connection).batch.failure ??= error;
        throw error;
      }
    },
    releaseConnection: (connection) => batches.leave((connection as Connection).batch),
    async destroy() {
      await batches.settle();
      await plain.destroy();
    },
  };
}

function connectionIn(batch: Batch, database: DatabaseSync, plain: DatabaseConnection): Connection {
  return {
    batch,
    async executeQuery(query) {
      // The earlier work in this batch is undone: nothing may be written that builds on it.
      if (batch.failure !== undefined) throw batch.failure;
      try {
        return await plain.executeQuery(query);
      } catch (error) {
        if (!database.isTransaction) batch.failure = error;
        throw error;
      }
    },
    streamQuery: (query, chunkSize) => plain.streamQuery(query, chunkSize),
  };
}
