// @slow: makes certificates with the program openssl, a process each.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { createServer, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { trustCertificates } from '../../src/network/trust.ts';
import { makeClients } from '../../src/storage/client.ts';
import { type Authority, createAuthority } from '../helpers/certificates.ts';
import { startProxy, startTlsFront, type TestProxy, type TlsFront } from '../helpers/proxy.ts';

const agents = [http.globalAgent, https.globalAgent] as const;
const trustedBefore = getCACertificates('default');
const later = new Date(Date.now() + 3_600_000).toISOString();
const KEYS = { AccessKeyId: 'ASIATEST', SecretAccessKey: 'secret', Token: 'token', Expiration: later };

/** The answer of STS: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html. */
const STS_ANSWER = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIATEST</AccessKeyId>
<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${later}</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

let authority: Authority;
let server: Server;
let front: TlsFront;
let proxy: TestProxy;
let port: number;
let dir: string;
const paths: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vault-credentials-'));
  authority = createAuthority();
  trustCertificates({ NODE_EXTRA_CA_CERTS: authority.file });
  server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(`${request.method} ${path}`);
    request.resume();
    if (path === '/') return void response.setHeader('content-type', 'text/xml').end(STS_ANSWER);
    // An instance's metadata: docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html.
    if (path === '/latest/api/token') return void response.end('a token');
    if (path === '/latest/meta-data/iam/security-credentials/') return void response.end('role');
    // The portal of IAM Identity Center: docs.aws.amazon.com/singlesignon/latest/PortalAPIReference.
    if (path.startsWith('/federation/credentials'))
      return void response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          roleCredentials: {
            ...{ accessKeyId: 'ASIATEST', secretAccessKey: 'secret', sessionToken: 'token' },
            expiration: Date.now() + 3_600_000,
          },
        }),
      );
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ Code: 'Success', ...KEYS }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  front = await startTlsFront(authority.issue(['sts.test', 'sso.test']));
  front.to(port);
  proxy = await startProxy();
});
afterAll(async () => {
  [http.globalAgent, https.globalAgent] = agents;
  setDefaultCACertificates(trustedBefore);
  await Promise.all([proxy?.close(), front?.close()]);
  server?.closeAllConnections();
  server?.close();
  authority?.remove();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => {
  paths.length = 0;
  proxy.asked.length = 0;
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(dir, 'credentials'));
  vi.stubEnv('HOME', dir);
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY']) vi.stubEnv(name, proxy.url);
  for (const name of ['https_proxy', 'http_proxy', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined);
  writeFileSync(join(dir, 'config'), '');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function keyFound(): Promise<string> {
  const { client, close } = await makeClients({ bucket: 'b', prefix: '', pathStyle: true });
  try {
    return (await client.config.credentials()).accessKeyId;
  } finally {
    close();
  }
}

it('a role of EKS is asked of STS through the proxy', async () => {
  writeFileSync(join(dir, 'token'), 'a web identity');
  vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/vault');
  vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(dir, 'token'));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `https://sts.test:${front.port}`);
  expect(await keyFound()).toBe('ASIATEST');
  expect(proxy.asked).toEqual([`CONNECT sts.test:${front.port}`]);
});

it('a profile of IAM Identity Center is asked for through the proxy', async () => {
  const start = 'https://acme.awsapps.com/start';
  const cache = join(dir, '.aws/sso/cache');
  mkdirSync(cache, { recursive: true });
  const token = { accessToken: 'token', expiresAt: later, startUrl: start, region: 'us-east-1' };
  writeFileSync(join(cache, `${createHash('sha1').update(start).digest('hex')}.json`), JSON.stringify(token));
  const lines = ['[profile vault]', `sso_start_url = ${start}`, 'sso_region = us-east-1'];
  // The SDK reads each file once.
  vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'config-sso'));
  writeFileSync(
    join(dir, 'config-sso'),
    [...lines, 'sso_account_id = 123456789012', 'sso_role_name = vault', ''].join('\n'),
  );
  vi.stubEnv('AWS_PROFILE', 'vault');
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', `https://sso.test:${front.port}`);
  expect(await keyFound()).toBe('ASIATEST');
  expect(proxy.asked).toEqual([`CONNECT sso.test:${front.port}`]);
});

it('a container’s own endpoint is asked directly, whatever the proxies', async () => {
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/v2/credentials`);
  expect(await keyFound()).toBe('ASIATEST');
  expect(proxy.asked).toEqual([]);
  expect(paths).toEqual(['GET /v2/credentials']);
});

it('the metadata of an instance are asked for directly, even where Node was told to use the proxies', async () => {
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', `http://127.0.0.1:${port}`);
  http.globalAgent = new http.Agent({ keepAlive: true, proxyEnv: { HTTP_PROXY: proxy.url } });
  expect(await keyFound()).toBe('ASIATEST');
  expect(proxy.asked).toEqual([]);
  expect(paths).toContain('GET /latest/meta-data/iam/security-credentials/role');
});
