/** Certificates of an authority that nobody knows, made by OpenSSL. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificates {
  /** The file of the authority's certificate. */
  authority: string;
  /** PEM texts of the server's key and certificate. */
  key: string;
  certificate: string;
  remove(): void;
}

/** A certificate for these names (`DNS:db.test`, `IP:127.0.0.1`), signed by an authority of its own. */
export async function makeCertificates(names: readonly string[]): Promise<Certificates> {
  const folder = mkdtempSync(join(tmpdir(), 'ria-vault-certificates-'));
  const path = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => run('openssl', words, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
  );
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(path('names'), `subjectAltName=${names.join(',')}\n`);
  await openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-out', 'server.pem', '-days', '2', '-extfile', 'names'],
  );
  const read = (name: string) => readFileSync(path(name), 'utf8');
  return {
    authority: path('ca.pem'),
    key: read('server.key'),
    certificate: read('server.pem'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
