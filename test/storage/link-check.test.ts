import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/storage/bucket.ts';
import { linkProblems, minutesOfLink } from '../../src/storage/link-check.ts';
import { presignDownload } from '../../src/storage/presign.ts';
import { putObject } from '../../src/storage/put.ts';
import { openDialects, type Speaking } from './dialects.ts';

let store: Speaking;
const fronts: Server[] = [];
beforeAll(async () => {
  store = await openDialects();
});
afterAll(async () => {
  for (const front of fronts) front.close();
  await store.close();
});

/** A server in front of the store, as people's browsers reach it. Resolves to its address. */
async function front(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  fronts.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** Passes requests on, with their own Host header or with the store's. */
const passing = (keepsHost: boolean) =>
  front((asked, answer) => {
    const { host, ...rest } = asked.headers;
    const headers = keepsHost ? { ...rest, host } : rest;
    const { port } = store.server;
    const on = httpRequest(
      { host: '127.0.0.1', port, path: asked.url, method: asked.method, headers },
      (told) => {
        answer.writeHead(told.statusCode ?? 500, told.headers);
        told.pipe(answer);
      },
    );
    asked.pipe(on);
  });

const saying = (status: number, type: string, body: string) =>
  front((_asked, answer) => {
    answer.writeHead(status, { 'content-type': type }).end(body);
  });

describe('an address for links', () => {
  it('is what links carry, and works where requests are passed on as they are', async () => {
    const linkEndpoint = await passing(true);
    const bucket = await store.open([], { linkEndpoint });
    expect(await linkProblems(bucket, 5)).toEqual([]);
    await putObject(bucket, {
      key: 'p/a',
      body: Buffer.from('abc'),
      length: 3,
      contentType: 'a/b',
      metadata: {},
    });
    const url = await presignDownload(bucket, {
      key: 'p/a',
      name: 'a',
      contentType: null,
      expiresSeconds: 60,
    });
    expect(url.startsWith(`${linkEndpoint}/`)).toBe(true);
    expect(await (await fetch(url)).text()).toBe('abc');
  });

  const fronted: [string, () => Promise<string>, string, RegExp][] = [
    ['changes the host', () => passing(false), 'links_refused', /Host header/],
    [
      'is another store',
      () => saying(404, 'application/xml', '<Error><Code>NoSuchBucket</Code></Error>'),
      'links_refused',
      /no bucket/,
    ],
    ['is a web page', () => saying(403, 'text/html', '<html></html>'), 'links_not_tried', /web page/],
    [
      'is not there',
      async () => 'http://localhost:9',
      'links_not_tried',
      /ECONNREFUSED.*If browsers reach it/,
    ],
  ];
  it.each(fronted)('is told of when it %s', async (_what, address, code, message) => {
    const bucket = await store.open([], { linkEndpoint: await address() });
    expect(await linkProblems(bucket, 5)).toEqual([{ code, message: expect.stringMatching(message) }]);
  });
});

const stub = (endpointHost: string | null, credentials: object = {}) =>
  ({
    name: 'b',
    prefix: '',
    place: { name: 'b', endpointHost },
    client: {
      config: { credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', ...credentials }) },
    },
  }) as unknown as Bucket;
const codes = async (bucket: Bucket, minutes = 5) =>
  (await linkProblems(bucket, minutes)).map(({ code }) => code);

it.each([
  ['minio:9000', true],
  ['minio', true],
  ['minio.storage.svc:9000', true],
  ['minio.storage.svc.cluster.local', true],
  ['host.docker.internal:9000', true],
  ['s3.example.com', false],
  ['localhost:9000', false],
  ['10.1.2.3:9000', false],
  ['[::1]:9000', false],
  [null, false],
] as const)('a name that only the bot’s own network knows is told of: %s', async (host, isTold) => {
  expect(await codes(stub(host))).toEqual(isTold ? ['links_local'] : []);
});

it('links that would outlive a role’s credentials are told of', async () => {
  const role = stub(null, { sessionToken: 't', expiration: new Date(3_600_000) });
  expect(await codes(role, 60)).toEqual(['links_end_early']);
  expect(await codes(role, 5)).toEqual([]);
  expect(await codes(stub(null), 10_080)).toEqual([]);
});

it('a link is said to work no longer than the credentials that sign it', async () => {
  const role = stub(null, { sessionToken: 't', expiration: new Date(3_600_000) });
  expect(await minutesOfLink(role, 120, 0)).toBe(60);
  expect(await minutesOfLink(role, 30, 0)).toBe(30);
  expect(await minutesOfLink(role, 30, 3_600_000)).toBe(1);
  expect(await minutesOfLink(stub(null), 120, 0)).toBe(120);
});
