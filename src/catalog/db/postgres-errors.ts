import { connectionProblem } from '../../connection-problem.ts';
import { CatalogError, type CatalogErrorCode } from './errors.ts';
import type { PostgresAddress } from './postgres-address.ts';

/** Turns an error of PostgreSQL, a pooler or the network into a {@link CatalogError}; never tells the password. */
export function describePostgresError(error: unknown, { where, password }: PostgresAddress): CatalogError {
  if (error instanceof CatalogError) return error;
  const { code, message } = partsOf(error);
  const words = saidBy(message.replaceAll(password || '\0', '***') || code);
  const say = (kind: CatalogErrorCode, text: string) => new CatalogError(kind, text, { cause: error });
  const problem = connectionProblem(error, { what: `PostgreSQL at ${where}`, setting: 'DATABASE_URL' });
  if (problem !== undefined && !problem.passing)
    return say(
      'catalog_tls',
      `${problem.sentence} Its own authority can also be named with sslrootcert in DATABASE_URL (docs/postgresql.md).`,
    );
  const tls = tlsProblem(code, message);
  if (tls !== undefined)
    return say(
      tls.kind,
      `PostgreSQL at ${where} ${tls.text} docs/postgresql.md has a part about TLS. ${words}`,
    );
  // SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
  if (/no pg_hba\.conf entry|pg_hba\.conf rejects/.test(message)) {
    return say(
      'catalog_denied',
      `PostgreSQL at ${where} lets this user of DATABASE_URL not in from this machine: its pg_hba.conf needs a line for them. ${words}`,
    );
  }
  if (code.startsWith('28') || isDenied(message)) {
    return say(
      'catalog_denied',
      `PostgreSQL at ${where} refused the user or password in DATABASE_URL. Correct them. ${words}`,
    );
  }
  if (code === '3D000' || /^no such database/.test(message)) {
    return say(
      'catalog_unreachable',
      `DATABASE_URL names a database that does not exist: ${where}. Create it first.`,
    );
  }
  if (code === '42501') {
    return say(
      'catalog_denied',
      `The user in DATABASE_URL may not create tables at ${where}. Grant it CREATE on the schema. ${words}`,
    );
  }
  if (code === '25006') {
    return say(
      'catalog_read_only',
      `PostgreSQL at ${where} is read-only. Point DATABASE_URL at the primary server.`,
    );
  }
  if (/transaction blocks not allowed in statement pooling/i.test(message)) {
    return say(
      'catalog_failed',
      `The pooler at ${where} lends its connections for one statement only. Set its pool_mode to transaction, or point DATABASE_URL at the server itself.`,
    );
  }
  // pg-pool's own words for: all connections stayed busy while this one waited.
  if (message === 'timeout exceeded when trying to connect') {
    return say(
      'catalog_failed',
      `All of the vault's connections to PostgreSQL at ${where} are busy. Nothing is lost, and it is tried again.`,
    );
  }
  if (isFull(code, message)) {
    return say(
      'catalog_unreachable',
      `PostgreSQL at ${where} has no connection left to give. Raise its limit, or have fewer users of it. ${words}`,
    );
  }
  if (isConnectionFailure(error)) {
    return say(
      'catalog_unreachable',
      `No PostgreSQL answers at ${where}. Check the host and port in DATABASE_URL and that the server runs. ${words}`,
    );
  }
  return say('catalog_failed', `The catalog in DATABASE_URL (${where}) failed. ${words}`);
}

/** True when the way to the server is broken, not what was asked there. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof CatalogError) return error.code === 'catalog_unreachable';
  const { code, message } = partsOf(error);
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT)/.test(code)) return true;
  if (code.startsWith('08') || code.startsWith('57P')) return true; // connection lost, shutting down
  return /timeout|Connection terminated|Client has encountered a connection error/i.test(message);
}

/** PostgreSQL's own limit, or that of PgBouncer and others; its words since 1.18 and before. */
function isFull(code: string, message: string): boolean {
  return (
    code === '53300' || /no more connections allowed|query_wait_timeout|max client connections/i.test(message)
  );
}

/** Poolers say with a general code what the server says with its own; and `pg` says that a password is missing. */
function isDenied(message: string): boolean {
  return /^(server login failed: .*)?(FATAL:? )?(no such user|password authentication failed|SASL authentication failed|auth failed|SASL: .*password)/i.test(
    message,
  );
}

/** How PostgreSQL, PgBouncer, Azure, Neon and CockroachDB say that they want TLS. */
const WANTS_TLS =
  /, no encryption$|, SSL off$|SSL( connection)?( is)? required|requires? (encryption|SSL|TLS)|connection is insecure/i;

function tlsProblem(code: string, message: string): { kind: CatalogErrorCode; text: string } | undefined {
  const say = (text: string) => ({ kind: 'catalog_tls' as const, text });
  if (WANTS_TLS.test(message))
    return say(
      'lets nobody in without TLS. Add sslmode=verify-full to DATABASE_URL (…/database?sslmode=verify-full). If that server has no TLS, its pg_hba.conf lacks a line for this machine, user and database.',
    );
  if (message === 'The server does not support SSL connections')
    return say(
      'has no TLS, but DATABASE_URL asks for it. Turn TLS on there, or write sslmode=disable if the way there is safe without.',
    );
  if (/valid client certificate|certificate required|bad certificate/i.test(message))
    return say(
      'wants a certificate from the bot. Name it and its key with sslcert and sslkey in DATABASE_URL.',
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || /establishing an SSL connection/.test(message))
    return say('and the bot agree on no form of TLS.');
  return undefined;
}

function partsOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' };
}

/** What the other side said, on one line. */
function saidBy(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 300);
  return `(${line || 'It said nothing more'})`;
}
