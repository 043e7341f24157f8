import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpReceiver } from '../../src/slack/http-receiver.ts';
import { boltLogger } from '../../src/slack/logger.ts';
import { signed } from '../helpers/raw-http.ts';

const SECRET = 'signing-secret';
const TRIGGER = '13345224609.738474920.8088930838d88f008e0';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
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
    seenRequests: async () => undefined,
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
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': options.type ?? 'application/json',
      ...signed(text, { secret: SECRET, ...options }),
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
    [
      'a request of a time that is to come',
      () => send(message, { at: Math.floor(Date.now() / 1_000) + 400 }),
      401,
    ],
    [
      'a time that is no plain number',
      () =>
        fetch(url, {
          method: 'POST',
          headers: { 'x-slack-request-timestamp': '1e10', 'x-slack-signature': `v0=${'0'.repeat(64)}` },
          body: '{}',
        }),
      401,
    ],
    ['more than Bolt reads', () => send({ ...message, pad: 'x'.repeat(4 * 1024 * 1024) }), 413],
    ['no signature at all', () => fetch(url, { method: 'POST', body: '{}' }), 401],
    ['something that no listener knows', () => send({ type: 'strange' }), 404],
    ['what is not JSON', () => send('{', {}), 400],
  ])('%s is refused', async (_, request, status) => expect((await request()).status).toBe(status));

  it.each([
    ['a second ahead', 1, 200],
    ['four minutes ahead', 240, 200],
    ['six minutes ahead', 360, 401],
    ['an hour ahead', 3_600, 401],
  ])('signed at a time that is %s', async (_, ahead, status) => {
    let ran = 0;
    app.event('message', async () => {
      ran++;
    });
    expect((await send(message, { at: Math.floor(Date.now() / 1_000) + ahead })).status).toBe(status);
    expect(ran).toBe(status === 200 ? 1 : 0);
  });

  // The signature is right for the header as it stands: only what it says of the time is no plain number.
  it.each([
    ['a fraction', (now: number) => `${now}.5`],
    ['a sign', (now: number) => `+${now}`],
    ['hexadecimal', (now: number) => `0x${now.toString(16)}`],
    ['an exponent', (now: number) => `${now}e0`],
    ['a space within', (now: number) => `${String(now).slice(0, 5)} ${String(now).slice(5)}`],
    ['a word', () => 'now'],
  ])('%s for a time is refused, though it is signed', async (_, timeOf) => {
    let ran = 0;
    app.event('message', async () => {
      ran++;
    });
    const body = JSON.stringify(message);
    const time = timeOf(Math.floor(Date.now() / 1_000));
    const hash = createHmac('sha256', SECRET).update(`v0:${time}:${body}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      ...{ 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${hash}` },
    };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(401);
    expect(ran).toBe(0);
  });

  it('the check of the address, which is not signed, is answered; what comes with it is not done', async () => {
    let ran = 0;
    app.command('/vault', async ({ ack }) => {
      ran++;
      await ack();
    });
    const body = new URLSearchParams({ ssl_check: '1', command: '/vault', user_id: 'U1' });
    expect((await fetch(url, { method: 'POST', body: body.toString(), headers: FORM })).status).toBe(200);
    expect(ran).toBe(0);
    const long = `${body}&more=${'x'.repeat(2_000)}`;
    expect((await fetch(url, { method: 'POST', body: long, headers: FORM })).status).toBe(401);
  });

  it.each<[string, string | object, string]>([
    [
      'a command',
      new URLSearchParams({
        command: '/vault',
        text: 'x',
        team_id: 'T1',
        user_id: 'U1',
        trigger_id: TRIGGER,
      }).toString(),
      FORM['content-type'],
    ],
    [
      'a click',
      new URLSearchParams({
        payload: JSON.stringify({
          type: 'block_actions',
          team: { id: 'T1' },
          user: { id: 'U1' },
          trigger_id: TRIGGER,
          actions: [{ type: 'button', action_id: 'x', block_id: 'b' }],
        }),
      }).toString(),
      FORM['content-type'],
    ],
  ])('%s that comes a second time, word for word, is not done again', async (_, body, type) => {
    let ran = 0;
    const listener = async ({ ack }: { ack(): Promise<void> }) => {
      ran++;
      await ack();
    };
    app.command('/vault', listener);
    app.action('x', listener);
    const at = Math.floor(Date.now() / 1_000);
    for (let round = 0; round < 3; round++) expect((await send(body, { type, at })).status).toBe(200);
    expect(ran).toBe(1);
    await send(body, { type, at: at + 1 });
    expect(ran).toBe(2);
  });

  it('an event that comes a second time is taken again: Slack may not have had our answer', async () => {
    let ran = 0;
    app.event('message', async () => {
      ran++;
    });
    const at = Math.floor(Date.now() / 1_000);
    for (let round = 0; round < 2; round++) expect((await send(message, { at })).status).toBe(200);
    expect(ran).toBe(2);
  });
});
