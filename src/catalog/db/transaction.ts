import { isTransient } from './dialect.ts';
import type { Catalog, Scope } from './schema.ts';

/** PostgreSQL ends one of two transactions that wait for each other; the other then continues. */
const MAX_TRIES = 5;

/**
 * Runs `work` in one transaction: all its writes are kept, or none if it throws. On PostgreSQL it runs again after a
 * deadlock, so it must touch nothing but the database.
 */
export async function inTransaction<T>(catalog: Catalog, work: (scope: Scope) => Promise<T>): Promise<T> {
  const { kind, onUnshare, scans } = catalog;
  for (let tries = 1; ; tries++) {
    try {
      return await catalog.db.transaction().execute((db) => work({ db, kind, onUnshare, scans }));
    } catch (error) {
      if (tries === MAX_TRIES || !isTransient(catalog.kind, error)) throw error;
    }
  }
}
