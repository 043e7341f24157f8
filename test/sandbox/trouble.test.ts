// @slow: a slow network takes its time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type SandboxSlack, startSlack } from '../../sandbox/slack/server.ts';
import { createTrouble } from '../../sandbox/trouble.ts';
import { troubleApi } from '../../sandbox/trouble-api.ts';
import type { Trouble } from '../../sandbox/trouble-types.ts';

const credentials = { accessKeyId: 'KEY', secretAccessKey: 'secret' };
const NONE: Trouble = { s3Down: false, slackDown: false, slowNetwork: false, eventsLost: false };

let dir: string;
let s3: S3Server;
let slack: SandboxSlack;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-trouble-'));
  s3 = await startS3({ dir: join(dir, 's3'), credentials, buckets: ['bucket'] });
  slack = await startSlack({ dir: join(dir, 'slack') });
  for (const [path, handler] of Object.entries(troubleApi(createTrouble(slack, s3)))) {
    slack.addRoute(path, handler);
  }
});
afterEach(async () => {
  await slack.close();
  await s3.close();
  await rm(dir, { recursive: true, force: true });
});

async function change(body: unknown, init: RequestInit = {}) {
  const request = { method: 'POST', body: JSON.stringify(body), ...init };
  const response = await fetch(`${slack.url}/sandbox/trouble`, request);
  return { status: response.status, body: (await response.json()) as unknown };
}

/** The status that the bot gets, or `cut`. */
async function asBot(url: string): Promise<number | 'cut'> {
  const headers = { authorization: `Bearer ${slack.app.botToken}` };
  return fetch(url, { method: 'POST', headers }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 'cut' as const,
  );
}

async function put(key: string, body = 'x'): Promise<boolean> {
  const client = new S3Client({
    ...{ region: 'us-east-1', endpoint: s3.endpoint, forcePathStyle: true, credentials, maxAttempts: 1 },
  });
  try {
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: body }));
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

async function sharedFile(content: string): Promise<string> {
  const { files } = await slack.as('anna').share('general', { name: 'a.txt', content });
  return `${slack.url}/files-pri/${slack.workspace.teamId}-${files[0]}/a.txt`;
}

describe('the switches', () => {
  test('are all off at first, and the answer has the state of each', async () => {
    expect(await change({})).toEqual({ status: 200, body: NONE });
    expect((await change({ s3Down: true })).body).toEqual({ ...NONE, s3Down: true });
    expect((await change({ slowNetwork: true })).body).toEqual({ ...NONE, s3Down: true, slowNetwork: true });
    expect((await change(NONE)).body).toEqual(NONE);
  });

  test('take nothing but switches, and only from the page', async () => {
    for (const body of [null, [], 1, { s3Down: 'yes' }, { teaDown: true }, { toString: true }]) {
      expect(await change(body)).toEqual({ status: 400, body: { error: 'not_a_switch' } });
    }
    expect((await change('', { body: '{' })).status).toBe(400);
    const headers = { 'sec-fetch-site': 'cross-site' };
    const forged = { method: 'POST', body: '{"s3Down":true}', headers };
    expect((await fetch(`${slack.url}/sandbox/trouble`, forged)).status).toBe(403);
    expect((await fetch(`${slack.url}/sandbox/trouble`)).status).toBe(403);
    expect((await change({})).body).toEqual(NONE);
  });

  test('S3 is down, and up again', async () => {
    await change({ s3Down: true });
    expect(await put('k')).toBe(false);
    await change({ s3Down: false });
    expect(await put('k')).toBe(true);
  });

  test("Slack's API and files are down for the bot, and the page goes on", async () => {
    const url = await sharedFile('bytes');
    const auth = `${slack.apiUrl}auth.test`;
    expect([await asBot(auth), await asBot(url)]).toEqual([200, 200]);
    await change({ slackDown: true });
    expect([await asBot(auth), await asBot(url)]).toEqual([503, 503]);
    const { status } = await fetch(`${slack.url}/sandbox/workspace?user=anna`);
    expect(status).toBe(200);
    await expect(slack.as('anna').command('general', '/vault list')).rejects.toThrow('dispatch_failed');
    await change({ slackDown: false });
    expect([await asBot(auth), await asBot(url)]).toEqual([200, 200]);
  });

  test('a bot in HTTP mode is not reached while Slack is down, and gets its address back afterwards', async () => {
    slack.setRequestUrl('http://127.0.0.1:1/slack/events');
    await change({ slackDown: true });
    expect(slack.app.requestUrl).toBeUndefined();
    await change({ slackDown: true });
    await change(NONE);
    expect(slack.app.requestUrl).toBe('http://127.0.0.1:1/slack/events');
  });

  test('a slow network is slow both ways', async () => {
    const url = await sharedFile('x'.repeat(300_000));
    await change({ slowNetwork: true });
    const began = Date.now();
    await asBot(url);
    expect(await put('k', 'x'.repeat(300_000))).toBe(true);
    // At 1 MB/s both ways cannot end sooner; how much later they end is not asserted.
    expect(Date.now() - began).toBeGreaterThan(500);
  });

  test('a slow network hides no outage, and slow transfers speed up when it ends', async () => {
    // If it stayed slow, this would take longer than a test may.
    const url = await sharedFile('x'.repeat(60_000_000));
    await change({ slowNetwork: true });
    const slow = await fetch(url, { headers: { authorization: `Bearer ${slack.app.botToken}` } });
    await change({ slackDown: true });
    expect(await asBot(url)).toBe(503);
    await change({ slackDown: false, slowNetwork: false });
    expect((await slow.arrayBuffer()).byteLength).toBe(60_000_000);
  });

  test('events get lost, and come again', async () => {
    await change({ eventsLost: true });
    slack.as('anna').post('general', 'unheard');
    expect(slack.deliveries.list).toEqual([]);
    await change({ eventsLost: false });
    slack.as('anna').post('general', 'heard');
    expect(slack.deliveries.list.map(({ body }) => body.event.text)).toEqual(['heard']);
  });
});
