import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpReceiver } from '../../src/slack/http-receiver.ts';
import { boltLogger } from '../../src/slack/logger.ts';

const SECRET = 'signing-secret';
const log = pino({ level: 'silent' });

let rateLimited = 0;
let told: string[] = [];
let url: string;
let close: () => void;
let app: App;

beforeEach(async () => {
  rateLimited = 0;
  told = [];
  const receiver = createHttpReceiver({
    signingSecret: SECRET,
    log,
    onRateLimited: () => {
      rateLimited += 1;
    },
    missed: { missed: () => told.push('missed'), worked: () => told.push('worked'), stop() {} },
  });
  app = new App({
    token: 'xoxb-1',
    botId: 'B1',
    botUserId: 'U0',
    receiver,
    tokenVerificationEnabled: false,
    convoStore: false,
    logger: boltLogger(log, 'error'),
  });
  app.error(async (error) => {
    throw error;
  });
  const server = createServer((request, response) => void receiver.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  close = () => server.close();
});
afterEach(() => close());

function send(
  body: object | string,
  options: { at?: number; secret?: string; type?: string } = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const at = String(options.at ?? Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', options.secret ?? SECRET)
    .update(`v0:${at}:${text}`)
    .digest('hex');
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': options.type ?? 'application/json',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${signature}`,
    },
    body: text,
  });
}

const event = (inner: object) => ({
  type: 'event_callback',
  team_id: 'T1',
  event_id: 'Ev1',
  authorizations: [{ team_id: 'T1' }],
  event: inner,
});
const message = event({ type: 'message', channel: 'C1', user: 'U1', ts: '1.2', text: 'x' });

describe('what Slack sends over HTTP', () => {
  it('is acknowledged after the listeners have committed, not before', async () => {
    const order: string[] = [];
    app.event('message', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push('committed');
    });
    expect((await send(message)).status).toBe(200);
    order.push('acknowledged');
    expect(order).toEqual(['committed', 'acknowledged']);
  });

  it('is not acknowledged when a listener failed, so that Slack sends it again', async () => {
    app.event('message', async () => {
      throw new Error('disk full');
    });
    expect((await send(message)).status).toBe(500);
    expect(told).toEqual(['missed']);
  });

  it('is noted as written down once it is', async () => {
    app.event('message', async () => {});
    await send(message);
    expect(told).toEqual(['worked']);
  });

  it('is answered at the ack when a person waits, however long the work takes', async () => {
    let finished = false;
    app.command('/vault', async ({ ack }) => {
      await ack();
      await new Promise((resolve) => setTimeout(resolve, 100));
      finished = true;
    });
    const form = new URLSearchParams({
      command: '/vault',
      text: 'list',
      team_id: 'T1',
      user_id: 'U1',
      channel_id: 'C1',
      response_url: 'http://127.0.0.1:1/',
    });
    const answer = await send(form.toString(), { type: 'application/x-www-form-urlencoded' });
    expect([answer.status, finished]).toEqual([200, false]);
  });

  it('without an event means that Slack dropped some', async () => {
    expect((await send({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1 })).status).toBe(
      200,
    );
    expect(rateLimited).toBe(1);
  });

  it('the challenge is answered', async () => {
    const answer = await send({ type: 'url_verification', challenge: 'abc' });
    expect(await answer.text()).toContain('abc');
  });

  it.each<[string, () => Promise<Response>, number]>([
    ['a wrong signature', () => send(message, { secret: 'other' }), 401],
    ['an old request, replayed', () => send(message, { at: Math.floor(Date.now() / 1_000) - 400 }), 401],
    ['no signature at all', () => fetch(url, { method: 'POST', body: '{}' }), 401],
    ['something that no listener knows', () => send({ type: 'strange' }), 404],
    ['what is not JSON', () => send('{', {}), 400],
  ])('%s is refused', async (_, request, status) => expect((await request()).status).toBe(status));
});
