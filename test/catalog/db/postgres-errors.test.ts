/** What servers and poolers that are not at hand here say, in their own words. */
import { expect, test } from 'vitest';
import { postgresAddress } from '../../../src/catalog/db/postgres-address.ts';
import { describePostgresError } from '../../../src/catalog/db/postgres-errors.ts';

const ADDRESS = postgresAddress('postgres://vault:hunter2@db.example:6432/vault');

test.each<[string, string | undefined, string, RegExp]>([
  // PostgreSQL 14 and later, 13 and before
  [
    'catalog_tls',
    '28000',
    'no pg_hba.conf entry for host "10.0.0.9", user "vault", database "vault", no encryption',
    /sslmode=verify-full/,
  ],
  [
    'catalog_tls',
    '28000',
    'no pg_hba.conf entry for host "10.0.0.9", user "vault", database "vault", SSL off',
    /sslmode=verify-full/,
  ],
  [
    'catalog_tls',
    '28000',
    'pg_hba.conf rejects connection for host "10.0.0.9", user "vault", database "vault", no encryption',
    /sslmode=verify-full/,
  ],
  [
    'catalog_denied',
    '28000',
    'no pg_hba.conf entry for host "10.0.0.9", user "vault", database "vault", SSL encryption',
    /pg_hba\.conf needs a line/,
  ],
  ['catalog_denied', '28P01', 'password authentication failed for user "vault"', /user or password/],
  [
    'catalog_denied',
    undefined,
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
    /user or password/,
  ],
  // PgBouncer
  ['catalog_tls', '08P01', 'SSL required', /sslmode=verify-full/],
  ['catalog_denied', '08P01', 'no such user: vault', /user or password/],
  ['catalog_unreachable', '08P01', 'no such database: vault', /does not exist/],
  ['catalog_unreachable', '08P01', 'no more connections allowed (max_client_conn)', /no connection left/],
  ['catalog_unreachable', '08P01', 'query_wait_timeout', /no connection left/],
  // Azure, Neon, CockroachDB
  [
    'catalog_tls',
    '28000',
    'SSL connection is required. Please specify SSL options and retry.',
    /sslmode=verify-full/,
  ],
  ['catalog_tls', '08004', 'connection is insecure (try using `sslmode=require`)', /sslmode=verify-full/],
  ['catalog_tls', '08P01', 'node is running secure mode, SSL connection required', /sslmode=verify-full/],
  ['catalog_tls', '28000', 'connection requires a valid client certificate', /sslcert/],
  // Node
  ['catalog_tls', 'SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', /sslrootcert/],
  ['catalog_tls', 'CERT_HAS_EXPIRED', 'certificate has expired', /clock/],
  ['catalog_tls', 'EPROTO', 'write EPROTO … wrong version number', /TLS/],
  ['catalog_unreachable', '53300', 'sorry, too many clients already', /no connection left/],
  ['catalog_unreachable', '57P03', 'the database system is starting up', /starting up/],
  ['catalog_unreachable', 'ECONNREFUSED', '', /ECONNREFUSED/],
  ['catalog_failed', 'XX000', 'something with hunter2 in it', /something with \*\*\*/],
])('%s: %s %s', (expected, code, message, words) => {
  const error = describePostgresError(Object.assign(new Error(message), { code }), ADDRESS);
  expect(error.code).toBe(expected);
  expect(error.message).toMatch(words);
  expect(error.message).toContain('db.example:6432/vault');
  expect(error.message).not.toMatch(/hunter2|\n/);
});
