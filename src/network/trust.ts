import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
// Not every version of Node 24 has them.
import * as tls from 'node:tls';
import { ConfigError, errorCode } from '../errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Trusts the CA certificates of NODE_EXTRA_CA_CERTS and, with NODE_USE_SYSTEM_CA=1, of the system, for every
 * connection. Node does so by itself when it starts, but not when they stand in a file `.env`, and of a file that it
 * cannot read it only warns. Throws `ConfigError`.
 */
export function trustCertificates(env: Env): void {
  const file = env.NODE_EXTRA_CA_CERTS?.trim();
  const named = file ? certificatesIn(file) : [];
  if (tls.setDefaultCACertificates === undefined) return;
  const more = env.NODE_USE_SYSTEM_CA === '1' ? [...named, ...tls.getCACertificates('system')] : named;
  const known = tls.getCACertificates('default');
  const trusted = new Set(known);
  const missing = more.filter((certificate) => !trusted.has(certificate));
  if (missing.length > 0) tls.setDefaultCACertificates([...known, ...missing]);
}

const PEM =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function certificatesIn(file: string): string[] {
  const refuse = (why: string, cause?: unknown) =>
    new ConfigError(
      'NODE_EXTRA_CA_CERTS',
      `NODE_EXTRA_CA_CERTS is "${file}", ${why}: name a file with CA certificates in PEM form (-----BEGIN CERTIFICATE-----) that this user may read, or leave it out.`,
      { cause },
    );
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    throw refuse(`which cannot be read (${errorCode(error)})`, error);
  }
  const found = text.match(PEM) ?? [];
  if (found.length === 0) throw refuse('which holds no certificate');
  try {
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch (error) {
    throw refuse('which holds a damaged certificate', error);
  }
}
