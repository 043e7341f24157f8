// @slow: makes certificates with the program openssl, a process each.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { WebSocket } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectionProblem, ProxyError } from '../../src/connection-problem.ts';
import { createDispatcher } from '../../src/network/dispatcher.ts';
import { createSdkHandler } from '../../src/network/sdk.ts';
import { trustCertificates } from '../../src/network/trust.ts';
import { createFetch } from '../../src/network/web.ts';
import { readProxies } from '../../src/proxies.ts';
import { type Authority, createAuthority } from '../helpers/certificates.ts';
import { startProxy, startTlsFront, type TestProxy, type TlsFront } from '../helpers/proxy.ts';

const PASSWORD = 'p@ss:w/rd';
const limits = { maxSockets: 8, connectTimeoutMs: 1_000, stallMs: 5_000 };

let authority: Authority;
let server: Server;
let front: TlsFront;
let proxy: TestProxy;
/** The same, itself reached over TLS. */
let tlsProxy: TestProxy;
let plainPort: number;
const received: Array<{ url: string; host: string; bytes: number; secret: string | undefined }> = [];
/** Resolves when the server may read what is sent to `/slow`. */
let mayRead = Promise.resolve();

const trustedBefore = getCACertificates('default');

beforeAll(async () => {
  authority = createAuthority();
  trustCertificates({ NODE_EXTRA_CA_CERTS: authority.file });
  server = createServer(async (request, response) => {
    if (request.url === '/slow') await mayRead;
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    const { host = '', 'proxy-authorization': secret } = request.headers;
    received.push({ url: request.url ?? '', host, bytes, secret });
    response.end('hello');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  plainPort = (server.address() as AddressInfo).port;
  const certificate = authority.issue(['store.test', '127.0.0.1']);
  front = await startTlsFront(certificate);
  front.to(plainPort);
  proxy = await startProxy({ user: 'vault', password: PASSWORD });
  tlsProxy = await startProxy({ user: 'vault', password: PASSWORD, tls: certificate });
});
afterAll(async () => {
  setDefaultCACertificates(trustedBefore);
  await Promise.all([proxy?.close(), tlsProxy?.close(), front?.close()]);
  server?.closeAllConnections();
  server?.close();
  authority?.remove();
});
afterEach(() => {
  for (const one of [proxy, tlsProxy]) {
    one.asked.length = 0;
    one.refuse = undefined;
  }
});

type Way = (address: string, env: Record<string, string>) => Promise<string>;

/** Every kind of connection that the bot makes. */
const WAYS: Record<string, Way> = {
  async 'undici, as for downloads and puts'(address, env) {
    const dispatcher = createDispatcher({ connectTimeoutMs: 1_000 }, readProxies(env));
    const { origin, pathname } = new URL(address);
    try {
      const answer = await dispatcher.request({
        origin,
        path: pathname,
        method: 'PUT',
        body: Buffer.from('12345'),
      });
      return await answer.body.text();
    } finally {
      await dispatcher.destroy();
    }
  },
  async 'fetch, as for the Web API and response URLs'(address, env) {
    const answer = await createFetch(readProxies(env), 1_000)(address, { method: 'POST', body: '12345' });
    return answer.text();
  },
  async "the AWS SDK's handler"(address, env) {
    const { protocol, hostname, port, pathname: path } = new URL(address);
    const to = { protocol, hostname, ...(port && { port: Number(port) }), path };
    const handler = createSdkHandler(limits, readProxies(env));
    try {
      const headers = { host: new URL(address).host };
      const { response } = await handler.handle({
        ...to,
        method: 'PUT',
        query: {},
        headers,
        body: '12345',
      } as never);
      return Buffer.concat(await response.body.toArray()).toString();
    } finally {
      handler.destroy();
    }
  },
  async 'a WebSocket, as in Socket Mode'(address, env) {
    let reason: Error | undefined;
    const dispatcher = createDispatcher(
      { connectTimeoutMs: 1_000, onError: (error) => (reason = error) },
      readProxies(env),
    );
    const socket = new WebSocket(address.replace(/^http/, 'ws'), { dispatcher });
    try {
      return await new Promise<string>((resolve, reject) => {
        socket.addEventListener('open', () => socket.send('hello'));
        socket.addEventListener('message', ({ data }) => resolve(String(data).replace('echo ', '')));
        socket.addEventListener('error', () => reject(reason ?? new Error('no WebSocket')));
      });
    } finally {
      socket.close();
      await dispatcher.destroy();
    }
  },
};
const ways = Object.keys(WAYS);
const go = (way: string, address: string, env: Record<string, string>) => (WAYS[way] as Way)(address, env);
const failure = async (way: string, address: string, env: Record<string, string>) => {
  const error = await go(way, address, env).then(
    () => new Error('it worked'),
    (problem: unknown) => problem,
  );
  return connectionProblem(error, { what: 'The store', setting: 'AWS_ENDPOINT_URL_S3' }) ?? error;
};

describe.each(['http', 'https'] as const)('through a proxy that is reached over %s', (scheme) => {
  const through = () => (scheme === 'http' ? proxy : tlsProxy);
  const env = () => ({ HTTPS_PROXY: through().url, HTTP_PROXY: through().url });

  it.each(ways)('%s: https takes CONNECT, and only the proxy knows where the host is', async (way) => {
    expect(await go(way, `https://store.test:${front.port}/a`, env())).toBe('hello');
    expect(through().asked).toEqual([`CONNECT store.test:${front.port}`]);
    expect(received.at(-1)?.secret).toBeUndefined();
  });

  it.each(ways)('%s: http goes through the proxy too, and its password goes no further', async (way) => {
    expect(await go(way, `http://store.test:${plainPort}/b`, env())).toBe('hello');
    const isSocket = way.includes('WebSocket');
    expect(through().asked).toEqual([`${isSocket ? 'CONNECT ' : 'http://'}store.test:${plainPort}`]);
    if (isSocket) return;
    const { secret, ...rest } = received.at(-1) ?? {};
    expect(rest).toEqual({ url: '/b', host: `store.test:${plainPort}`, bytes: 5 });
    expect(secret).toBeUndefined();
  });
});

describe.each(ways)('%s', (way) => {
  it('goes straight to what NO_PROXY names', async () => {
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' };
    expect(await go(way, `https://127.0.0.1:${front.port}/c`, env)).toBe('hello');
    expect(await go(way, `http://127.0.0.1:${plainPort}/c`, env)).toBe('hello');
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    [407, 'proxy_credentials', /does not accept the user or password in HTTPS_PROXY \(407\)/],
    [403, 'proxy_refused', /does not let connections to store\.test:\d+ through \(403\)/],
    [502, 'proxy_failed', /could not reach store\.test:\d+ \(502\)/],
    [0, 'proxy_unreachable', /could not be reached \(ECONNRESET\): check HTTPS_PROXY/],
    [-1, 'proxy_unreachable', /could not be reached \(ETIMEDOUT\): check HTTPS_PROXY/],
  ])('says what is wrong when the proxy answers with %s', async (status, code, sentence) => {
    proxy.refuse = status;
    const problem = await failure(way, `https://store.test:${front.port}/d`, { HTTPS_PROXY: proxy.url });
    expect(problem).toMatchObject({ kind: 'proxy', code, passing: /unreachable|failed/.test(code) });
    const { sentence: said } = problem as { sentence: string };
    expect(said).toMatch(sentence);
    expect(said).toContain(`http://127.0.0.1:${proxy.port}`);
    expect(said).not.toContain('p@ss');
    expect(said).not.toContain('p%40ss');
  });

  it('names the proxy when it is down, for https and for http', async () => {
    const env = { HTTPS_PROXY: 'http://u:s3cret@127.0.0.1:1', HTTP_PROXY: 'http://u:s3cret@127.0.0.1:1' };
    for (const address of [`https://store.test:${front.port}/e`, `http://store.test:${plainPort}/e`]) {
      const problem = await failure(way, address, env);
      expect(problem).toMatchObject({ code: 'proxy_unreachable', passing: true });
      expect((problem as { sentence: string }).sentence).toMatch(
        /The proxy http:\/\/127\.0\.0\.1:1 .*ECONNREFUSED/,
      );
    }
  });

  it('is told of a wrong password for http, too', async () => {
    const env = { HTTP_PROXY: `http://vault:wrong@127.0.0.1:${proxy.port}` };
    const problem = await failure(way, `http://store.test:${plainPort}/f`, env);
    expect(problem).toMatchObject({ kind: 'proxy', code: 'proxy_credentials' });
    const asked = await failure(way, `http://store.test:${plainPort}/f`, {
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    expect((asked as { sentence: string }).sentence).toMatch(/wants a user and password \(407\)/);
  });

  it('says when the certificate behind the proxy, or the one of the proxy, is not for its host', async () => {
    const behind = await failure(way, `https://other.test:${front.port}/g`, { HTTPS_PROXY: proxy.url });
    expect(behind).toMatchObject({ kind: 'trust', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const env = { HTTPS_PROXY: tlsProxy.url.replace('127.0.0.1', 'localhost') };
    const own = await failure(way, `https://store.test:${front.port}/g`, env);
    expect((own as { sentence: string }).sentence).toMatch(
      /^The certificate of the proxy https:\/\/localhost:\d+ is for another host name .* HTTPS_PROXY/,
    );
  });
});

it('a connection through the proxy is kept for the next requests', async () => {
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url };
  const dispatcher = createDispatcher({}, readProxies(env));
  const handler = createSdkHandler(limits, readProxies(env));
  const before = front.ports.size;
  for (let n = 0; n < 5; n += 1) {
    const answer = await dispatcher.request({
      origin: `https://store.test:${front.port}`,
      path: '/',
      method: 'GET',
    });
    await answer.body.dump();
    const to = { protocol: 'https:', hostname: 'store.test', port: front.port, path: '/', method: 'GET' };
    const { response } = await handler.handle({ ...to, query: {}, headers: {} } as never);
    await response.body.toArray();
  }
  expect(proxy.asked).toHaveLength(2);
  expect(front.ports.size - before).toBe(2);
  expect([...front.ports].slice(-2).every((port) => proxy.ports.has(port))).toBe(true);
  await dispatcher.destroy();
  handler.destroy();
});

it('a long body waits while the server does not read it, through the proxy too', async () => {
  const dispatcher = createDispatcher({}, readProxies({ HTTPS_PROXY: proxy.url }));
  const MIB = 1024 * 1024;
  let taken = 0;
  async function* body() {
    for (; taken < 96; taken += 1) yield Buffer.alloc(MIB);
  }
  let read = () => {};
  mayRead = new Promise((resolve) => (read = resolve));
  const answer = dispatcher.request({
    ...{ origin: `https://store.test:${front.port}`, path: '/slow', method: 'PUT' },
    headers: { 'content-length': String(96 * MIB) },
    body: body() as never,
  });
  await sleep(700);
  // What stands in the buffers of the six sockets in between.
  expect(taken).toBeLessThan(60);
  read();
  expect((await answer).statusCode).toBe(200);
  expect(received.at(-1)?.bytes).toBe(96 * MIB);
  await dispatcher.destroy();
});

it('an error that is neither the proxy nor trust is none of these', () => {
  const peer = { what: 'Slack', setting: 'SLACK_API_URL' };
  expect(connectionProblem(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), peer)).toBeUndefined();
  expect(connectionProblem(undefined, peer)).toBeUndefined();
  const cyclic = new Error('x');
  cyclic.cause = cyclic;
  expect(connectionProblem(cyclic, peer)).toBeUndefined();
  const deep = new Error('a', { cause: new Error('b', { cause: new ProxyError('proxy_failed', 'no') }) });
  expect(connectionProblem(deep, peer)?.sentence).toBe('no');
});
