// @slow: calls that are tried again and again.
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnreadableError } from '../../src/capture/walk.ts';
import { createLog } from '../../src/log.ts';
import { createSlackApi, type SlackApi, type SlackApiError } from '../../src/slack/api.ts';
import { ownConversations } from '../../src/slack/conversations.ts';
import { slackHistory } from '../../src/slack/history.ts';
import { whoAmI } from '../../src/slack/identity.ts';
import { boltLogger } from '../../src/slack/logger.ts';
import { problemFor } from '../../src/slack/problem.ts';
import { respondFor } from '../../src/slack/respond.ts';
import { connectSockets } from '../../src/slack/socket-receiver.ts';

const PAGE = `<!DOCTYPE html><html><body>Please log in to ACME-PROXY to go on</body></html>`;

let api: SlackApi;
let lines: string[];

beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
});
beforeEach(() => {
  lines = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  api = createSlackApi({ token: 'xoxb-test', apiUrl: 'https://slack.test/api/', log });
});
afterEach(async () => {
  await api.close();
  nock.cleanAll();
  expect(lines.join('')).not.toContain('ACME-PROXY');
});
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

const page = { 'content-type': 'text/html' };
const answer = (status: number, body: string, headers: Record<string, string> = page) =>
  nock('https://slack.test').persist().post(/.*/).reply(status, body, headers);
const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('it was taken for an answer'),
    (error: SlackApiError) => error,
  );
/** Without the wait before the next try. */
const hasty: SlackApi = {
  call: (method, args) => api.call(method, args, { patienceMs: 0 }),
  close: async () => {},
};
const history = () =>
  slackHistory({ api: hasty, teamId: 'T1' }).history('C1', { oldest: 0, before: null }) as Promise<unknown>;

const JSON_TYPE = { 'content-type': 'application/json' };

describe('an answer that is none', () => {
  it.each<[string, number, string, Record<string, string>?]>([
    ['a web page with status 200', 200, PAGE],
    ['a web page with status 403', 403, PAGE],
    ['a web page with status 404', 404, PAGE],
    ['a web page with status 407', 407, PAGE],
    ['a web page with status 511', 511, PAGE],
    ['an empty body', 200, '', JSON_TYPE],
    ['JSON that is cut off', 200, '{"ok":true,"messages":[{"ts":"17', JSON_TYPE],
    ['an empty object, as captive portals send it', 200, '{}', JSON_TYPE],
    ['a list', 200, '[]', JSON_TYPE],
    ['nothing at all', 200, 'null', JSON_TYPE],
    ['a text', 200, '"success"', JSON_TYPE],
    ['a number', 200, '1', JSON_TYPE],
    ['no error name', 200, '{"ok":false}', JSON_TYPE],
    ['an error that is a sentence', 200, '{"ok":false,"error":"Access denied by ACME-PROXY."}', JSON_TYPE],
    ['an error that is no text', 200, '{"ok":false,"error":{"code":1}}', JSON_TYPE],
    ['an endless error name', 200, `{"ok":false,"error":"${'a'.repeat(81)}"}`, JSON_TYPE],
    ['success without what was asked for', 200, '{"ok":true}', JSON_TYPE],
    ['success with something of another shape', 200, '{"ok":true,"messages":{"0":"ACME-PROXY"}}', JSON_TYPE],
    ['success in words', 200, '{"ok":"true","messages":[]}', JSON_TYPE],
    ['what is said to be gzip', 200, 'ACME-PROXY', { 'content-type': 'application/gzip' }],
  ])('(%s) is asked for again, is not shown, and ends no walk', async (_, status, body, headers = page) => {
    answer(status, body, headers);
    const error = await failure(history());
    expect(error).not.toBeInstanceOf(UnreadableError);
    expect(error.permanent).toBe(false);
    // For a 407, Node's own fetch says only that there was no answer.
    expect(error.code).toMatch(/^(unexpected_answer|unreachable|http_\d+)$/);
    expect(`${error.message} ${error.stack}`).not.toContain('ACME-PROXY');
    expect(problemFor(error).message).toMatch(/^Slack is not answering/);
  });

  it('leads elsewhere: the client does not follow', async () => {
    answer(302, '', { location: 'https://proxy.test/login' });
    expect(await failure(history())).toMatchObject({ code: 'unreachable', permanent: false });
  });

  it('passes: the second try has the real one', async () => {
    nock('https://slack.test').post(/.*/).reply(200, PAGE, page);
    nock('https://slack.test').post(/.*/).reply(200, { ok: true, messages: [], has_more: false });
    const source = slackHistory({ api, teamId: 'T1' });
    expect(await source.history('C1', { oldest: 0, before: null })).toMatchObject({ found: [], more: false });
  });

  it('with messages that are none is no end of a history that goes on', async () => {
    answer(200, '{"ok":true,"messages":[{"text":"x"},null],"has_more":true}', JSON_TYPE);
    expect(await failure(history())).toMatchObject({ code: 'unexpected_answer', permanent: false });
  });

  it.each(['[{}]', '[null]', '[{"id":"C1"},{"name":"x"}]', '["C1"]'])(
    'with conversations that are none (%s) loses no channel',
    async (channels) => {
      answer(200, `{"ok":true,"channels":${channels}}`, JSON_TYPE);
      expect(await failure(ownConversations(hasty))).toMatchObject({ code: 'unexpected_answer' });
    },
  );

  it('to a post is not known to have been refused: it is looked for before it is sent again', async () => {
    for (const body of [PAGE, '{"ok":true}', '{}']) {
      nock.cleanAll();
      answer(200, body);
      const error = await failure(api.call('chat.postMessage', { channel: 'C1', text: 'x' }));
      expect(error).toMatchObject({ code: 'unexpected_answer', permanent: false, uncertain: true });
    }
  });

  it.each(['rate_limited', 'message_limit_exceeded', 'external_channel_migrating', 'org_login_required'])(
    'is told apart from a passing refusal of Slack’s own (%s)',
    async (code) => {
      answer(200, JSON.stringify({ ok: false, error: code }), JSON_TYPE);
      const call = api.call('chat.postMessage', { channel: 'C1', text: 'x' }, { patienceMs: 100 });
      expect(await failure(call)).toMatchObject({ code, permanent: false, uncertain: false });
    },
  );

  it('is told apart from a final refusal of Slack’s own', async () => {
    answer(200, '{"ok":false,"error":"missing_scope","needed":"files:read"}', JSON_TYPE);
    await expect(history()).rejects.toBeInstanceOf(UnreadableError);
  });

  it.each([PAGE, '{}', '{"ok":true}'])('at the start is no fault of the token (%s)', async (body) => {
    answer(200, body);
    await expect(whoAmI(api, 'https://slack.test/api/')).rejects.toMatchObject({
      variable: 'SLACK_API_URL',
      message: expect.stringMatching(/^Slack could not be reached at slack.test \(unexpected_answer\)/),
    });
  });

  it('at the start of Socket Mode is no fault of the app token, and one line of the log at most', async () => {
    const paged = async () => {
      throw Object.assign(new Error(PAGE), { data: { ok: false, error: PAGE } });
    };
    const error = await connectSockets(paged).catch((thrown: Error) => thrown as Error);
    expect(error).toMatchObject({ variable: 'SLACK_API_URL' });
    expect((error as Error).message).not.toContain('ACME-PROXY');
    const refused = async () => {
      throw Object.assign(new Error('x'), { data: { ok: false, error: 'invalid_auth' } });
    };
    await expect(connectSockets(refused)).rejects.toMatchObject({ variable: 'SLACK_APP_TOKEN' });

    const said: string[] = [];
    const log = createLog('info', { write: (line) => said.push(line) });
    boltLogger(log, 'error').error(`Failed to retrieve a new WSS URL (error: ${PAGE.repeat(100)})`);
    expect(said.join('')).toContain('Failed to retrieve a new WSS URL (error: [a web page]');
    expect(said.join('')).not.toContain('ACME-PROXY');
  });
});

describe('an answer over a response_url', () => {
  const says = (...bodies: string[]) => {
    let calls = 0;
    const respond = async () => new Response(bodies[Math.min(calls++, bodies.length - 1)], { headers: page });
    return { respond: respond as never, calls: () => calls };
  };

  it.each(['ok', '{"ok":true}', ''])(
    'is taken when Slack says %j, whatever the content type',
    async (body) => {
      const { respond, calls } = says(body);
      await respondFor(respond, { text: 'x' });
      expect(calls()).toBe(1);
    },
  );

  it('is sent again when a web page came instead', async () => {
    const { respond, calls } = says(PAGE, 'ok');
    await respondFor(respond, { text: 'x' });
    expect(calls()).toBe(2);
  });

  it('fails, without the page, when only pages come', async () => {
    const { respond } = says(`\n ${PAGE}`);
    await expect(respondFor(respond, { text: 'x' })).rejects.toMatchObject({ code: 'unexpected_answer' });
  });
});
