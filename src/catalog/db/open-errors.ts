import { CatalogError, type CatalogErrorCode } from './errors.ts';

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html (the low byte of an extended code). */
const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 };

/** How long SQLite waits for another writer, in ms. */
export const BUSY_MS = 5_000;

/** True when another connection holds the lock that SQLite needs. */
export function isBusy(error: unknown): boolean {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' && (errcode & 0xff) === SQLITE.BUSY;
}

/** Turns an error of SQLite or of the file system into a {@link CatalogError}. */
export function describeSqliteError(error: unknown, dataDir: string): CatalogError {
  if (error instanceof CatalogError) return error;
  const { errcode, code } = error as { errcode?: number; code?: string };
  const say = (kind: CatalogErrorCode, message: string) => new CatalogError(kind, message, { cause: error });
  switch (errcode === undefined ? undefined : errcode & 0xff) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return say(
        'catalog_locked',
        `Another RIA Vault is running with VAULT_DATA_DIR=${dataDir}. Stop it, give this one another VAULT_DATA_DIR, or set DATABASE_URL to PostgreSQL so that several can share the work.`,
      );
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return say(
        'catalog_damaged',
        `The catalog vault.db in VAULT_DATA_DIR=${dataDir} is damaged. Move it and the files beside it (vault.db-wal, vault.db-shm) away, then run npm run restore with a backup, or npm run rebuild: the files in the bucket are not touched.`,
      );
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
      return readOnly();
    case SQLITE.FULL:
      return say(
        'catalog_failed',
        `The disk of VAULT_DATA_DIR=${dataDir} is full. Free some space and start again.`,
      );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return readOnly();
  }
  return say(
    'catalog_failed',
    `The catalog in VAULT_DATA_DIR=${dataDir} failed: ${(error as Error).message}.`,
  );

  function readOnly() {
    return say(
      'catalog_read_only',
      `The catalog cannot be written in VAULT_DATA_DIR=${dataDir}. Make it a folder that this user may write to.`,
    );
  }
}
