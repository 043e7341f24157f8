import { accessSync, constants } from 'node:fs';
import { NO_HOST, parsePostgresUrl } from '../../postgres-url.ts';
import { CatalogError } from './errors.ts';

/** Where DATABASE_URL points to. */
export interface PostgresAddress {
  /** What `pg` is given. */
  connectionString: string;
  /** In words, without user and password. */
  where: string;
  password: string;
}

/** libpq's modes and `no-verify` of `pg`. Source: postgresql.org/docs/current/libpq-ssl.html, "sslmode". */
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * Reads DATABASE_URL. The server is always checked, whatever the mode says, unless TLS or its checks are turned off by
 * `disable` or `no-verify`: `pg` 8 does so, too, with a warning that this will change. `verify-ca` with a CA of its own
 * does not check the name of the server, as in libpq. Source: pg-connection-string's README, "sslmode".
 * Throws {@link CatalogError} `catalog_bad_url`.
 */
export function postgresAddress(databaseUrl: string): PostgresAddress {
  const url = parsePostgresUrl(databaseUrl);
  if (!url) throw badUrl();
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  const host =
    given('host') || decodeURIComponent(url.hostname === NO_HOST ? '' : url.hostname) || 'localhost';
  const port = given('port') || url.port || '5432';
  const database = decodeURIComponent(url.pathname);
  return {
    connectionString: withTls(databaseUrl, given),
    where: host.startsWith('/') ? `${host}/.s.PGSQL.${port}${database}` : `${host}:${port}${database}`,
    password: decodeURIComponent(url.password) || (given('password') ?? ''),
  };
}

function withTls(databaseUrl: string, given: (name: string) => string | undefined): string {
  const mode = given('sslmode');
  if (mode !== undefined && !SSL_MODES.includes(mode))
    throw badUrl(`it has sslmode=${mode}. Write disable, require, verify-ca, verify-full or no-verify`);
  // libpq's word for the system's own authorities, which Node uses anyway.
  const isSystem = given('sslrootcert') === 'system';
  for (const name of FILES) {
    const path = given(name);
    if (path !== undefined && !(name === 'sslrootcert' && isSystem)) readable(name, path);
  }
  const plain = isSystem ? databaseUrl.replace(/([?&])sslrootcert=system(&|$)/, '$1') : databaseUrl;
  if (given('uselibpqcompat') !== undefined || mode === undefined) return plain;
  if (mode === 'disable' || mode === 'no-verify') return plain;
  if (mode === 'verify-ca' && given('sslrootcert') !== undefined && !isSystem)
    return `${plain}&uselibpqcompat=true`;
  return plain.replace(/([?&]sslmode=)[^&#]*/, '$1verify-full');
}

function readable(name: string, path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw badUrl(`its ${name} names the file ${path}, which cannot be read (${code})`);
  }
}

function badUrl(why?: string): CatalogError {
  const what =
    why === undefined ? 'DATABASE_URL is not a PostgreSQL address.' : `DATABASE_URL cannot work: ${why}.`;
  return new CatalogError(
    'catalog_bad_url',
    `${what} Write it as postgres://user:password@host:5432/database, with special characters percent-encoded, or unset it to use SQLite; docs/postgresql.md has examples with TLS and sockets.`,
  );
}
