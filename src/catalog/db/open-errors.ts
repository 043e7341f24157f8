import { connectionProblem } from '../../connection-problem.ts';
import { CatalogError, type CatalogErrorCode } from './errors.ts';

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html (the low byte of an extended code). */
const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, CORRUPT: 11, FULL: 13, CANTOPEN: 14, NOTADB: 26 };

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
        `The catalog vault.db in VAULT_DATA_DIR=${dataDir} is damaged. Put a backup in its place, or move it away to start with an empty catalog; the files in the bucket are not touched.`,
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

/** Turns an error of PostgreSQL or of the network into a {@link CatalogError}; names the host, never the password. */
export function describePostgresError(error: unknown, url: URL): CatalogError {
  if (error instanceof CatalogError) return error;
  const where = `${url.hostname || 'localhost'}:${url.port || '5432'}${url.pathname}`;
  const code = String((error as { code?: unknown }).code ?? '');
  const say = (kind: CatalogErrorCode, message: string) => new CatalogError(kind, message, { cause: error });
  const problem = connectionProblem(error, { what: `PostgreSQL at ${where}`, setting: 'DATABASE_URL' });
  if (problem) return say(problem.passing ? 'catalog_unreachable' : 'catalog_untrusted', problem.sentence);
  // SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (code.startsWith('28')) {
    return say(
      'catalog_denied',
      `PostgreSQL at ${where} refused the user or password in DATABASE_URL. Correct them.`,
    );
  }
  if (code === '3D000') {
    return say(
      'catalog_unreachable',
      `DATABASE_URL names a database that does not exist: ${where}. Create it first.`,
    );
  }
  if (code === '42501') {
    return say(
      'catalog_denied',
      `The user in DATABASE_URL may not create tables at ${where}. Grant it CREATE on the schema.`,
    );
  }
  if (code === '25006') {
    return say(
      'catalog_read_only',
      `PostgreSQL at ${where} is read-only. Point DATABASE_URL at the primary server.`,
    );
  }
  // pg-pool's own words for: all connections stayed busy while this one waited.
  if ((error as Error).message === 'timeout exceeded when trying to connect') {
    return say(
      'catalog_failed',
      `All of the vault's connections to PostgreSQL at ${where} are busy. Nothing is lost, and it is tried again.`,
    );
  }
  if (isConnectionFailure(error, code)) {
    return say(
      'catalog_unreachable',
      `No PostgreSQL answers at ${where}. Check the host and port in DATABASE_URL and that the server runs.`,
    );
  }
  const reason = (error as Error).message.replaceAll(url.password || '\0', '***');
  return say('catalog_failed', `The catalog in DATABASE_URL (${where}) failed: ${reason}.`);
}

function isConnectionFailure(error: unknown, code: string): boolean {
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT)/.test(code)) return true;
  if (code.startsWith('08') || code.startsWith('57P')) return true; // connection lost, shutting down
  const message = error instanceof Error ? error.message : '';
  return /timeout|Connection terminated|does not support SSL/i.test(message);
}
