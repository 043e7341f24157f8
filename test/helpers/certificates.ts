/** A certificate authority of one's own, as organisations have them: made with the program `openssl`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

export interface Authority {
  /** The file with the authority's certificate, for NODE_EXTRA_CA_CERTS. */
  file: string;
  /** A certificate for these host names and addresses. With 0 days it has expired by the next second. */
  issue(hosts: string[], days?: number): Certificate;
  /** A certificate that no authority signed. */
  selfSigned(hosts: string[]): Certificate;
  remove(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function createAuthority(): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'vault-ca-'));
  const path = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => void execFileSync('openssl', args, { stdio: 'pipe' });
  const names = (hosts: string[]) =>
    `subjectAltName=${hosts.map((host) => (/^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(',')}`;
  const ofCa = ['-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', '/CN=Acme Test CA', '-days', '2'];
  openssl('req', '-x509', ...NEW_KEY, ...ofCa, '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  let made = 0;
  const read = (name: string) => ({
    key: readFileSync(path(`${name}.key`), 'utf8'),
    cert: readFileSync(path(`${name}.pem`), 'utf8'),
  });
  return {
    file: path('ca.pem'),
    issue(hosts, days = 2) {
      const name = `server-${made++}`;
      const out = ['-keyout', path(`${name}.key`), '-out', path(`${name}.csr`), '-subj', '/CN=server'];
      openssl('req', ...NEW_KEY, ...out);
      writeFileSync(path(`${name}.ext`), names(hosts));
      const by = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', String(days)];
      const files = [
        '-in',
        path(`${name}.csr`),
        '-out',
        path(`${name}.pem`),
        '-extfile',
        path(`${name}.ext`),
      ];
      openssl('x509', '-req', ...files, ...by);
      return read(name);
    },
    selfSigned(hosts) {
      const name = `own-${made++}`;
      const out = [
        '-keyout',
        path(`${name}.key`),
        '-out',
        path(`${name}.pem`),
        '-subj',
        '/CN=server',
        '-days',
        '2',
      ];
      openssl('req', '-x509', ...NEW_KEY, ...out, '-addext', names(hosts));
      return read(name);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
