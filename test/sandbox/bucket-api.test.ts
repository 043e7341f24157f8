import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bot } from '../../sandbox/bot.ts';
import { bucketApi } from '../../sandbox/bucket-api.ts';
import type { BucketAnswer } from '../../sandbox/bucket-types.ts';
import { keepSteps } from '../../sandbox/first-steps.ts';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';

const tokens = {
  botToken: '',
  appToken: '',
  signingSecret: '',
  s3AccessKeyId: 'KEY',
  s3SecretAccessKey: 'secret',
};
const credentials = { accessKeyId: 'KEY', secretAccessKey: 'secret' };

let dir: string;
let s3: S3Server;
let server: Server;
let url: string;
let kills: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-bucket-api-'));
  s3 = await startS3({ dir, credentials, buckets: ['bucket'], versioning: true });
  kills = 0;
  const bot: Bot = {
    state: () => ({ phase: 'running', pid: 7, restarts: 0, lastEnd: null }),
    kill: () => void kills++,
    pause: async () => {},
    resume: () => {},
    stop: async () => {},
  };
  const trouble = { s3Down: false, slackDown: true, slowNetwork: false, eventsLost: false };
  const routes = bucketApi(
    s3,
    'bucket',
    tokens,
    () => bot,
    () => trouble,
    keepSteps(dir),
  );
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    void routes[path]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sandbox`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await s3.close();
  await rm(dir, { recursive: true, force: true });
});

test('lists what the bucket holds, and proves its bytes', async () => {
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: s3.endpoint,
    forcePathStyle: true,
    credentials,
  });
  const key = 'T/C/2026/11/23/F1/Über blick+&.txt';
  await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: 'hello' }));
  client.destroy();
  const listed = (await (await fetch(`${url}/bucket`)).json()) as BucketAnswer;
  expect(listed).toMatchObject({
    ...{ bucket: 'bucket', endpoint: s3.endpoint, totalBytes: 5, bot: { phase: 'running', pid: 7 } },
    trouble: { s3Down: false, slackDown: true, slowNetwork: false, eventsLost: false },
    objects: [{ key, bytes: 5, crc32: 'NhCmhg==', versionId: expect.any(String) }],
  });
  const query = new URLSearchParams({ key, version: listed.objects[0]?.versionId ?? '' });
  const proof = await (await fetch(`${url}/bucket/sha256?${query}`)).json();
  expect(proof).toEqual({ sha256: createHash('sha256').update('hello').digest('hex') });
  const missing = await fetch(`${url}/bucket/sha256?key=nothing`);
  expect([missing.status, await missing.json()]).toEqual([404, { error: 'NoSuchKey' }]);
});

test('the page can kill the bot; another site or a followed link cannot', async () => {
  const kill = (site: string, method = 'POST') =>
    fetch(`${url}/bot/kill`, { method, headers: { 'sec-fetch-site': site } }).then(
      (response) => response.status,
    );
  expect([await kill('cross-site'), await kill('same-site'), await kill('same-origin', 'GET')]).toEqual([
    403, 403, 403,
  ]);
  expect(kills).toBe(0);
  expect(await kill('same-origin')).toBe(200);
  expect(kills).toBe(1);
});
