/** A real PostgreSQL that demands TLS, one that has none, and Unix sockets. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalog } from '../../../src/catalog/db/open.ts';
import { type Authority, createAuthority } from '../../helpers/certificates.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../helpers/postgres.ts';

const TEST_MS = 60_000;
const root = resolve(import.meta.dirname, '../../..');

describe.skipIf(noPostgres())('the way to PostgreSQL', () => {
  let authority: Authority;
  let safe: PostgresServer;
  let plain: PostgresServer;
  let safeUrl: string;
  let plainUrl: string;
  beforeAll(async () => {
    authority = createAuthority();
    const { key, cert: certificate } = authority.issue(['127.0.0.1', 'db.test']);
    [safe, plain] = await Promise.all([startPostgres({ tls: { key, certificate } }), startPostgres()]);
    [safeUrl, plainUrl] = await Promise.all([safe.createDatabase(), plain.createDatabase()]);
  }, TEST_MS);
  afterAll(async () => {
    await Promise.all([safe?.close(), plain?.close()]);
    authority?.remove();
  });

  const to = (url: string, words: string, host?: string) => {
    const address = host === undefined ? url : url.replace('127.0.0.1', host);
    return `${address}${words === '' ? '' : '?'}${words.replace('CA', authority.file)}`;
  };
  async function outcome(databaseUrl: string): Promise<string> {
    try {
      await (await openCatalog({ databaseUrl, dataDir: '' })).close();
      return 'open';
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`;
    }
  }

  test.each<[string, string | undefined, RegExp]>([
    ['', undefined, /^catalog_tls .*without TLS.*sslmode=verify-full/],
    ['sslmode=disable', undefined, /^catalog_tls .*without TLS/],
    ['sslmode=no-verify', undefined, /^open$/],
    ['sslmode=require', undefined, /^catalog_tls .*not trusted here.*NODE_EXTRA_CA_CERTS.*sslrootcert/],
    ['sslmode=verify-ca', undefined, /^catalog_tls .*not trusted here/],
    ['sslmode=verify-full', undefined, /^catalog_tls .*not trusted here/],
    ['sslmode=prefer', undefined, /^catalog_tls .*not trusted here/],
    ['sslmode=verify-full&sslrootcert=system', undefined, /^catalog_tls .*not trusted here/],
    ['ssl=true', undefined, /^catalog_tls .*not trusted here/],
    ['sslmode=require&sslrootcert=CA', undefined, /^open$/],
    ['sslmode=verify-full&sslrootcert=CA', undefined, /^open$/],
    ['sslrootcert=CA&sslmode=verify-ca', undefined, /^open$/],
    ['sslmode=verify-full&sslrootcert=CA', 'localhost', /^catalog_tls .*another host name/],
    ['sslmode=verify-ca&sslrootcert=CA', 'localhost', /^open$/],
  ])('that demands TLS, with %j at %j', async (words, host, expected) => {
    expect(await outcome(to(safeUrl, words, host))).toMatch(expected);
  });

  test.each<[string, RegExp]>([
    ['', /^open$/],
    ['sslmode=disable', /^open$/],
    ['sslmode=require', /^catalog_tls .*has no TLS.*sslmode=disable/],
    ['sslmode=prefer', /^catalog_tls .*has no TLS/],
    ['sslmode=requird', /^catalog_bad_url .*sslmode=requird/],
    ['sslmode=verify-full&sslrootcert=/no/such/file.pem', /^catalog_bad_url .*\/no\/such\/file\.pem/],
  ])('that has no TLS, with %j', async (words, expected) => {
    expect(await outcome(to(plainUrl, words))).toMatch(expected);
  });

  test('an authority in NODE_EXTRA_CA_CERTS is trusted', async () => {
    const env = {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: to(safeUrl, 'sslmode=verify-full'),
      NODE_EXTRA_CA_CERTS: authority.file,
    };
    const { code, said } = await new Promise<{ code: unknown; said: string }>((done) =>
      execFile(process.execPath, ['src/cli/recount.ts'], { cwd: root, env }, (error, stdout, stderr) =>
        done({ code: error?.code ?? 0, said: stdout + stderr }),
      ),
    );
    expect([code, said]).toEqual([0, expect.stringContaining('Counted 0 files')]);
  });

  test.each(['host=SOCKET', 'in the place of the host'])('through a Unix socket, named %s', async (how) => {
    const { port, socket } = plain;
    const [, database] = /\/(\w+)$/.exec(plainUrl) as RegExpExecArray;
    const url =
      how === 'host=SOCKET'
        ? `postgres://postgres@/${database}?host=${socket}&port=${port}`
        : `postgres://postgres@${encodeURIComponent(socket)}:${port}/${database}`;
    expect(await outcome(url)).toBe('open');
  });

  test('a socket that is not there is named', async () => {
    const nowhere = join(plain.socket, 'nowhere');
    expect(await outcome(`postgres://postgres@/vault?host=${nowhere}`)).toMatch(
      new RegExp(`^catalog_unreachable .*${nowhere}/\\.s\\.PGSQL\\.5432`),
    );
  });

  test('a server without a connection to spare is told as such', async () => {
    await plain.query('alter database postgres connection limit 0');
    await plain.query('create role few login');
    await plain.query(`alter role few connection limit 0`);
    const said = await outcome(plainUrl.replace('postgres@', 'few@'));
    expect(said).toMatch(/^catalog_unreachable .*no connection left/);
  });
});
