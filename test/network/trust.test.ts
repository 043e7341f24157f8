// @slow: makes certificates with the program openssl, a process each.
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTls, getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCatalogToRead } from '../../src/catalog/db/open.ts';
import { ConfigError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { trustCertificates } from '../../src/network/trust.ts';
import { createSlackApi } from '../../src/slack/api.ts';
import { whoAmI } from '../../src/slack/identity.ts';
import { openBucket } from '../../src/storage/bucket.ts';
import { type Authority, type Certificate, createAuthority } from '../helpers/certificates.ts';

const log = createLog('error', { write() {} });
const trustedBefore = getCACertificates('default');
const servers: Server[] = [];
let authority: Authority;
let expired: Certificate;
let good: Certificate;

beforeAll(async () => {
  authority = createAuthority();
  expired = authority.issue(['localhost'], 0);
  good = authority.issue(['localhost', '127.0.0.1']);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  await sleep(1_100);
});
afterAll(() => {
  vi.unstubAllEnvs();
  setDefaultCACertificates(trustedBefore);
  for (const server of servers) server.close();
  authority?.remove();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

/** Speaks TLS at once, and says no to everything. */
const webServer = (certificate: Certificate) =>
  listening(
    createTls(certificate, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n'));
    }).on('tlsClientError', () => {}),
  );

/** Speaks TLS when it is asked to: postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL. */
const database = (certificate: Certificate) =>
  listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        socket.write('S');
        const secure = new TLSSocket(socket, { ...certificate, isServer: true });
        secure.on('error', () => {}).once('data', () => secure.destroy());
      });
    }),
  );

const plainServer = () =>
  listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 400 No\r\n\r\n'));
    }),
  );

const sentence = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it worked',
    (error: Error) => error.message,
  );

const ASKS = {
  SLACK_API_URL: async (certificate: Certificate) => {
    const apiUrl = `https://localhost:${await webServer(certificate)}/api/`;
    const api = createSlackApi({ token: 'xoxb-1', apiUrl, log });
    return sentence(api.call('auth.test', {}, { patienceMs: 100 }));
  },
  AWS_ENDPOINT_URL_S3: async (certificate: Certificate) => {
    const endpoint = `https://localhost:${await webServer(certificate)}`;
    return sentence(openBucket({ bucket: 'b', prefix: '', pathStyle: true, endpoint, maxAttempts: 1 }));
  },
  DATABASE_URL: async (certificate: Certificate) => {
    const port = await database(certificate);
    const databaseUrl = `postgres://u:s3cret@localhost:${port}/db?sslmode=verify-full`;
    return sentence(openCatalogToRead({ databaseUrl, dataDir: '' }));
  },
};

describe.each(Object.keys(ASKS) as Array<keyof typeof ASKS>)('a certificate at %s', (setting) => {
  const ask = ASKS[setting];

  it('that signed itself', async () => {
    expect(await ask(authority.selfSigned(['localhost']))).toMatch(
      new RegExp(`shows a certificate that it signed itself.*NODE_EXTRA_CA_CERTS.*${setting}`),
    );
  });

  it('of an unknown issuer, until its CA is trusted; then one that has expired or is for another host', async () => {
    setDefaultCACertificates(trustedBefore);
    expect(await ask(good)).toMatch(
      new RegExp(
        `from an issuer that is not trusted here.*NODE_EXTRA_CA_CERTS.*NODE_USE_SYSTEM_CA.*${setting}`,
      ),
    );
    trustCertificates({ NODE_EXTRA_CA_CERTS: authority.file });
    const now = await ask(good);
    expect(now).not.toMatch(/certificate|issuer/);
    expect(await ask(expired)).toMatch(new RegExp(`has expired \\(CERT_HAS_EXPIRED\\).*${setting}`));
    expect(await ask(authority.issue(['other.test']))).toMatch(
      new RegExp(`is for another host name.*${setting}`),
    );
    setDefaultCACertificates(trustedBefore);
  });
});

it('a server without TLS is told as such', async () => {
  const port = await plainServer();
  const apiUrl = `https://localhost:${port}/api/`;
  expect(await sentence(whoAmI(createSlackApi({ token: 'xoxb-1', apiUrl, log }), apiUrl))).toMatch(
    /does not speak TLS at this address.*SLACK_API_URL/,
  );
  const bucket = { bucket: 'b', prefix: '', pathStyle: true, maxAttempts: 1 };
  expect(await sentence(openBucket({ ...bucket, endpoint: `https://localhost:${port}` }))).toMatch(
    /does not speak TLS at this address.*AWS_ENDPOINT_URL_S3/,
  );
});

it('a file of certificates that cannot be read, or holds none, is refused in a sentence', () => {
  const wrong = authority.file.replace('ca.pem', 'wrong.pem');
  const refusal = (text?: string) => {
    if (text !== undefined) writeFileSync(wrong, text);
    try {
      trustCertificates({ NODE_EXTRA_CA_CERTS: wrong });
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
    }
    return 'it was accepted';
  };
  expect(refusal()).toMatch(/NODE_EXTRA_CA_CERTS is .*which cannot be read \(ENOENT\)/);
  expect(refusal('')).toMatch(/which holds no certificate/);
  expect(refusal(good.key)).toMatch(/which holds no certificate/);
  expect(refusal(good.cert.replace(/\n[A-Za-z0-9+/]{20}/, '\n'))).toMatch(
    /which holds a damaged certificate/,
  );
  expect(refusal(`# a note\r\n${good.cert.replaceAll('\n', '\r\n')}`)).toBe('it was accepted');
});

it('the certificates of the system are trusted with NODE_USE_SYSTEM_CA=1', () => {
  trustCertificates({ NODE_USE_SYSTEM_CA: '1' });
  const trusted = new Set(getCACertificates('default'));
  expect(getCACertificates('system').every((one) => trusted.has(one))).toBe(true);
  setDefaultCACertificates(trustedBefore);
});
