import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSlackApi, type SlackApi } from '../../src/slack/api.ts';

const log = pino({ level: 'silent' });
let api: SlackApi;

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});
beforeEach(() => {
  api = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log });
});
afterEach(async () => {
  await api.close();
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const slack = () => nock('https://slack.test');

describe('calls to Slack', () => {
  it('carry the token and give back what Slack answers', async () => {
    slack()
      .post('/api/users.info', /user=U1/)
      .matchHeader('authorization', 'Bearer xoxb-test')
      .reply(200, { ok: true, user: { id: 'U1' } });
    expect(await api.call('users.info', { user: 'U1' })).toMatchObject({ user: { id: 'U1' } });
  });

  it('fail with Slack’s own error name', async () => {
    slack().post('/api/files.info').reply(200, { ok: false, error: 'file_not_found' });
    await expect(api.call('files.info', { file: 'F1' })).rejects.toMatchObject({
      code: 'file_not_found',
      permanent: true,
    });
  });

  it('fail with Slack’s name for the request, each its own, for the log and for Slack’s support', async () => {
    for (const id of ['a1', 'b2'])
      slack()
        .post('/api/files.info', new RegExp(`file=${id}`))
        .delay(id === 'a1' ? 40 : 0)
        .reply(200, { ok: false, error: 'file_not_found' }, { 'x-slack-req-id': id });
    const failed = ['a1', 'b2'].map((file) => api.call('files.info', { file }).catch((error) => error));
    expect((await Promise.all(failed)).map(({ details }) => details)).toEqual([
      { requestId: 'a1' },
      { requestId: 'b2' },
    ]);
  });

  it('tell how each ended and how long it waited, in a few words', async () => {
    const done: string[] = [];
    const waits: string[] = [];
    const observer = {
      done: ({ method, outcome }: { method: string; outcome: string }) =>
        void done.push(`${method} ${outcome}`),
      waited: (method: string) => void waits.push(method),
    };
    const watched = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log, observer });
    const answers: Array<[number, object, Record<string, string>?]> = [
      [200, { ok: true, user: {} }],
      [200, { ok: false, error: 'user_not_found' }],
      [200, { ok: false, error: 'token_revoked' }],
      [429, {}, { 'retry-after': '60' }],
    ];
    for (const [status, body, headers] of answers) {
      slack().post('/api/users.info').reply(status, body, headers);
      await watched.call('users.info', { user: 'U1' }, { patienceMs: 1_000 }).catch(() => {});
    }
    await watched.close();
    expect(done).toEqual(['ok', 'refused', 'unauthorized', 'rate_limited'].map((how) => `users.info ${how}`));
    expect(waits).toHaveLength(4);
  });

  it('name the scope that is missing', async () => {
    slack()
      .post('/api/files.info')
      .reply(200, { ok: false, error: 'missing_scope', needed: 'files:read', provided: 'commands' });
    await expect(api.call('files.info', { file: 'F1' })).rejects.toThrow(/files:read/);
  });

  it('wait as long as Slack asks, then try again', async () => {
    slack().post('/api/conversations.info').reply(429, '', { 'retry-after': '1' });
    slack()
      .post('/api/conversations.info')
      .reply(200, { ok: true, channel: { id: 'C1' } });
    expect(await api.call('conversations.info', { channel: 'C1' })).toMatchObject({ channel: { id: 'C1' } });
  });

  it('do not wait longer than the caller can', async () => {
    slack().post('/api/users.info').reply(429, '', { 'retry-after': '30' });
    const call = api.call('users.info', { user: 'U1' }, { patienceMs: 500 });
    await expect(call).rejects.toMatchObject({ code: 'ratelimited', permanent: false, retryAfterMs: 30_000 });
    // The method rests for all callers: the next call is not even sent.
    await expect(api.call('users.info', { user: 'U2' }, { patienceMs: 500 })).rejects.toMatchObject({
      code: 'ratelimited',
    });
  });

  it('understand a 429 that does not say how long', async () => {
    slack().post('/api/users.info').reply(429, '');
    await expect(api.call('users.info', { user: 'U1' }, { patienceMs: 100 })).rejects.toMatchObject({
      code: 'ratelimited',
      permanent: false,
    });
  });

  it('are repeated after trouble on the way, when reading', async () => {
    slack().post('/api/files.info').reply(503, 'busy');
    slack()
      .post('/api/files.info')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    slack()
      .post('/api/files.info')
      .reply(200, { ok: true, file: { id: 'F1' } });
    expect(await api.call('files.info', { file: 'F1' })).toMatchObject({ file: { id: 'F1' } });
  });

  it('are never repeated blindly when they post: Slack may have posted', async () => {
    slack().post('/api/chat.postMessage').reply(503, 'busy');
    await expect(api.call('chat.postMessage', { channel: 'C1', text: 'x' })).rejects.toMatchObject({
      code: 'http_503',
      uncertain: true,
    });
  });

  it('post again after a refusal, which is sure not to have posted', async () => {
    slack().post('/api/chat.postMessage').reply(429, '', { 'retry-after': '1' });
    slack().post('/api/chat.postMessage').reply(200, { ok: true, ts: '1.2' });
    expect(await api.call('chat.postMessage', { channel: 'C1', text: 'x' })).toMatchObject({ ts: '1.2' });
  });

  it('keep a second between messages of one channel, and none between channels', async () => {
    const at: Array<{ channel: string | null; time: number }> = [];
    const server = createServer(async (request, response) => {
      const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
      at.push({ channel: body.get('channel'), time: performance.now() });
      response.setHeader('content-type', 'application/json').end('{"ok":true,"ts":"1.2"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const real = createSlackApi({ token: 'xoxb-test', apiUrl: `http://127.0.0.1:${port}/api/`, log });
    try {
      await Promise.all(
        ['C1', 'C1', 'C2'].map((channel) => real.call('chat.postMessage', { channel, text: 'x' })),
      );
      const [first, second] = at.filter(({ channel }) => channel === 'C1').map(({ time }) => time) as [
        number,
        number,
      ];
      // Arrival times on a busy machine: it is enough that the second one clearly waited.
      expect(second - first).toBeGreaterThan(500);
      expect(at.findIndex(({ channel }) => channel === 'C2')).toBeLessThan(2);
    } finally {
      await real.close();
      server.close();
    }
  });
});
