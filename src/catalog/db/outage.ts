import { CatalogError, type CatalogErrorCode } from './errors.ts';

/** Whether waiting can help (`passes`), or a person must change something (`person`). `cause`: PostgreSQL's word decides. */
const KIND: Record<CatalogErrorCode, 'passes' | 'person' | 'cause'> = {
  catalog_unreachable: 'cause',
  catalog_failed: 'cause',
  catalog_blocked: 'passes',
  catalog_slow: 'passes',
  catalog_bad_url: 'person',
  catalog_tls: 'person',
  catalog_other_workspace: 'person',
  catalog_denied: 'person',
  catalog_locked: 'person',
  catalog_gone: 'person',
  catalog_damaged: 'person',
  catalog_read_only: 'person',
  catalog_newer: 'person',
  catalog_in_use: 'person',
  catalog_unfinished: 'person',
  catalog_empty: 'person',
};

/**
 * Classes of PostgreSQL's error codes that pass: the connection, too few resources, an object in use, somebody who
 * stops or starts the server, its system, a transaction that met another one, a defect.
 * Source: postgresql.org/docs/current/errcodes-appendix.html.
 */
const PASSING_CLASS = /^(08|40|53|55|57|58|XX)...$/;
/** PgBouncer gives one code for everything, also for what a person must correct. */
const FOR_A_PERSON =
  /no such (database|user)|does not exist|statement pooling|password authentication failed|SASL authentication failed/i;
/** Node's names for a network, or a server on it, that is away. */
const AWAY = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EPIPE|ENOENT)/;

/** True when the database is away or busy, so that the same may work later without anybody's help. */
export function isDatabaseOutage(error: unknown): boolean {
  // A file that is missing is a defect, except where PostgreSQL's socket would be.
  if (!(error instanceof CatalogError))
    return (error as { code?: unknown }).code !== 'ENOENT' && canPass(error);
  const kind = KIND[error.code];
  return kind === 'cause' ? canPass(error.cause) : kind === 'passes';
}

function canPass(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { code?: unknown };
  if (FOR_A_PERSON.test(cause.message)) return false;
  if (typeof code === 'string') return AWAY.test(code) || PASSING_CLASS.test(code);
  // pg and pg-pool say these without a code.
  return /timeout|Connection terminated|Client has encountered a connection error/i.test(cause.message);
}

/** True for what a database said, or what kept the catalog from being read or written. */
export function isDatabaseError(error: unknown): boolean {
  const { code, errcode, severity } = (error ?? {}) as Record<string, unknown>;
  if (error instanceof CatalogError) return true;
  if (!(error instanceof Error)) return false;
  // SQLite's errors have a number of their own, PostgreSQL's five signs and how severe they are.
  return (
    typeof errcode === 'number' ||
    (typeof code === 'string' && typeof severity === 'string') ||
    canPass(error)
  );
}
