/** The Web API: what it answers, and which of Slack's words it refuses with. */
import { describe, expect, test } from 'vitest';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { freshSlack, refusal, webClient } from './start.ts';

/** A raw call, for what the SDK would never send. */
async function raw(slack: SandboxSlack, method: string, init: RequestInit = {}) {
  const response = await fetch(`${slack.apiUrl}${method}`, { method: 'POST', ...init });
  // biome-ignore lint/suspicious/noExplicitAny: the answer is what the test is about
  const body = (await response.json()) as Record<string, any>;
  return { status: response.status, body };
}

function withoutScopes(...scopes: string[]) {
  const app = structuredClone(DEFAULT_APP);
  const granted = app.manifest.oauth_config?.scopes?.bot ?? [];
  app.manifest.oauth_config = { scopes: { bot: granted.filter((scope) => !scopes.includes(scope)) } };
  return app;
}

describe('who is asking', () => {
  test('auth.test names the bot, and the scopes come in a header', async () => {
    const slack = await freshSlack();
    const answer = await webClient(slack).auth.test();
    expect(answer).toMatchObject({
      ok: true,
      team: 'Sandbox Inc',
      team_id: slack.workspace.teamId,
      user_id: slack.workspace.botUserId,
      bot_id: slack.workspace.botId,
    });
    expect(answer.response_metadata?.scopes).toContain('files:read');
  });

  test('no token, a wrong one, and the wrong kind', async () => {
    const slack = await freshSlack();
    expect((await raw(slack, 'auth.test')).body.error).toBe('not_authed');
    expect(await refusal(webClient(slack, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await refusal(webClient(slack, slack.app.appToken).auth.test())).toBe('not_allowed_token_type');
    expect(await refusal(webClient(slack).apps.connections.open())).toBe('not_allowed_token_type');
  });

  test('a token may come in a form or a header, not in a JSON body', async () => {
    const slack = await freshSlack();
    const form = new URLSearchParams({ token: slack.app.botToken });
    expect((await raw(slack, 'auth.test', { body: form })).body.ok).toBe(true);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token: slack.app.botToken });
    expect((await raw(slack, 'auth.test', { body, headers })).body.error).toBe('not_authed');
  });

  test('JSON and multipart bodies are read, and broken JSON is said to be so', async () => {
    const slack = await freshSlack();
    const authorization = `Bearer ${slack.app.botToken}`;
    const channel = slack.workspace.channels.general ?? '';
    const json = { authorization, 'content-type': 'application/json; charset=utf-8' };
    const posted = await raw(slack, 'chat.postMessage', {
      headers: json,
      body: JSON.stringify({ channel, text: 'hi', blocks: [{ type: 'divider' }] }),
    });
    expect(posted.body).toMatchObject({ ok: true, channel });
    const form = new FormData();
    form.append('channel', channel);
    const info = await raw(slack, 'conversations.info', { headers: { authorization }, body: form });
    expect(info.body.channel.name).toBe('general');
    expect((await raw(slack, 'auth.test', { headers: json, body: '{' })).body.error).toBe('invalid_json');
    const noBoundary = { authorization, 'content-type': 'multipart/form-data' };
    const broken = await raw(slack, 'auth.test', { headers: noBoundary, body: 'x' });
    expect(broken.body.error).toBe('invalid_form_data');
  });

  test('an unknown method', async () => {
    const slack = await freshSlack();
    expect(await refusal(webClient(slack).apiCall('files.upload'))).toBe('unknown_method');
    expect(await refusal(webClient(slack).apiCall('constructor'))).toBe('unknown_method');
  });
});

describe('scopes', () => {
  test('a missing scope is named, together with the granted ones', async () => {
    const slack = await freshSlack({ app: withoutScopes('files:read') });
    const answer = await raw(slack, 'files.info', {
      headers: { authorization: `Bearer ${slack.app.botToken}` },
      body: new URLSearchParams({ file: 'F1' }),
    });
    expect(answer.body).toMatchObject({ ok: false, error: 'missing_scope', needed: 'files:read' });
    expect(answer.body.provided).toContain('chat:write');
  });

  test('reading needs the scope for the kind of channel', async () => {
    const slack = await freshSlack({ app: withoutScopes('groups:history', 'groups:read') });
    const { general = '', finance = '' } = slack.workspace.channels;
    const web = webClient(slack);
    expect((await web.conversations.history({ channel: general })).ok).toBe(true);
    expect(await refusal(web.conversations.history({ channel: finance }))).toBe('missing_scope');
    expect(await refusal(web.conversations.members({ channel: finance }))).toBe('missing_scope');
    expect(await refusal(web.conversations.list({ types: 'private_channel' }))).toBe('missing_scope');
  });
});

describe('channels', () => {
  test('list shows what the bot may know, page by page', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const names: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await web.conversations.list({
        types: 'public_channel,private_channel',
        limit: 1,
        ...(cursor ? { cursor } : {}),
      });
      names.push(...(page.channels ?? []).map((channel) => channel.name ?? ''));
      cursor = page.response_metadata?.next_cursor;
      pages += 1;
    } while (cursor);
    expect(names).toEqual(['general', 'design', 'finance', 'random']);
    expect(pages).toBe(4);
    expect(await refusal(web.conversations.list({ cursor: 'nonsense' }))).toBe('invalid_cursor');
    expect(await refusal(web.conversations.list({ limit: 5000 }))).toBe('invalid_limit');
    expect(await refusal(web.conversations.list({ types: 'secret' }))).toBe('invalid_types');
  });

  test('a private channel without the bot does not exist for it', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.finance ?? '';
    expect((await web.conversations.info({ channel })).channel).toMatchObject({
      is_private: true,
      is_member: true,
    });
    slack.as('carla').kick('finance');
    expect(await refusal(web.conversations.info({ channel }))).toBe('channel_not_found');
    expect(await refusal(web.conversations.history({ channel }))).toBe('channel_not_found');
    expect(await refusal(web.chat.postMessage({ channel, text: 'x' }))).toBe('channel_not_found');
    const listed = await web.conversations.list({ types: 'public_channel,private_channel' });
    expect(listed.channels?.map(({ name }) => name)).not.toContain('finance');
  });

  test('a public channel without the bot can be seen and joined, not read', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.random ?? '';
    expect((await web.conversations.info({ channel })).channel?.is_member).toBe(false);
    expect(await refusal(web.conversations.history({ channel }))).toBe('not_in_channel');
    expect(await refusal(web.chat.postMessage({ channel, text: 'x' }))).toBe('not_in_channel');
    await web.conversations.join({ channel });
    expect((await web.conversations.history({ channel })).messages).toEqual([]);
  });

  test('users.conversations tells where a person is, as far as the bot may know', async () => {
    const slack = await freshSlack();
    const { gus = '', ben = '', nobody = 'U000' } = slack.workspace.people;
    const web = webClient(slack);
    const types = 'public_channel,private_channel';
    const of = async (user: string) =>
      (await web.users.conversations({ user, types })).channels?.map(({ name }) => name);
    expect(await of(gus)).toEqual(['general']);
    expect(await of(ben)).toEqual(['general', 'design', 'random']);
    expect(await refusal(web.users.conversations({ user: nobody }))).toBe('user_not_found');
  });

  test('members by pages, people with their roles', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const first = await web.conversations.members({ channel, limit: 3 });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await web.conversations.members({ channel, limit: 3, cursor });
    expect([...(first.members ?? []), ...(second.members ?? [])].sort()).toEqual(
      Object.values(slack.workspace.people).sort(),
    );
    const { gus = '', carla = '' } = slack.workspace.people;
    expect((await web.users.info({ user: gus })).user).toMatchObject({ is_ultra_restricted: true });
    expect((await web.users.info({ user: carla })).user).toMatchObject({ is_admin: true, name: 'carla' });
    expect(await refusal(web.users.info({ user: 'U000' }))).toBe('user_not_found');
    // Slackbot is one of them. Slack does not call it a bot.
    const members = (await web.users.list({})).members ?? [];
    expect(members).toHaveLength(6);
    expect(members.find(({ id }) => id === 'USLACKBOT')).toMatchObject({ is_bot: false });
    expect((await web.team.info()).team?.name).toBe('Sandbox Inc');
  });
});

test('calls are counted, without their token', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  await web.auth.test();
  await refusal(web.conversations.info({ channel: 'C000' }));
  expect(slack.calls.count('auth.test')).toBe(1);
  expect(slack.calls.list.at(-1)).toMatchObject({
    method: 'conversations.info',
    args: { channel: 'C000' },
    status: 200,
    error: 'channel_not_found',
  });
  expect(JSON.stringify(slack.calls.list)).not.toContain(slack.app.botToken);
  slack.calls.reset();
  expect(slack.calls.list).toEqual([]);
});
