/** What the sandbox's page asks for, over HTTP as the page does. */
import { readdirSync } from 'node:fs';
import { get, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PageEvent, Workspace } from '../../../sandbox/slack/page-api.ts';
import type { SandboxSlack } from '../../../sandbox/slack/server.ts';
import { eventually, httpApp, type Payload, socketApp } from './receiver.ts';
import { freshSlack, webClient } from './start.ts';

async function call(slack: SandboxSlack, what: string, body?: unknown) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${slack.url}/sandbox/${what}`, init);
  return { status: response.status, body: (await response.json()) as Payload };
}

/** Listens to a person's stream. */
async function listen(slack: SandboxSlack, user: string): Promise<PageEvent[]> {
  const response = await fetch(`${slack.url}/sandbox/stream?user=${user}`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events: PageEvent[] = [];
  void (async () => {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString();
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('data: ')) events.push(JSON.parse(part.slice(6)));
    }
  })().catch(() => {});
  return events;
}

test.each([
  ['general', /already/],
  ['a'.repeat(81), /80 characters/],
  ['no dots.', /lower-case letters/],
])('a channel that cannot be called %s is refused in words', async (name, words) => {
  const slack = await freshSlack();
  const answer = await call(slack, 'channel', { user: slack.workspace.people.anna, name });
  expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(words) } });
});

test('the workspace as each person sees it', async () => {
  const slack = await freshSlack();
  const of = async (name: string) =>
    (await call(slack, `workspace?user=${slack.workspace.people[name]}`)).body as Workspace;
  const anna = await of('anna');
  expect(anna.me).toMatchObject({ name: 'anna', role: 'member', is_bot: false });
  expect(anna.people.map(({ name }) => name)).toEqual(['anna', 'ben', 'carla', 'gus', 'vault']);
  const names = (workspace: Workspace) =>
    workspace.channels.filter(({ kind }) => kind !== 'im').map(({ name }) => name);
  expect(names(anna)).toEqual(['general', 'design', 'finance', 'random']);
  expect(anna.channels.filter(({ kind }) => kind === 'im')).toHaveLength(1);
  expect(anna.bot).toEqual({
    id: slack.workspace.botUserId,
    name: 'vault',
    connected: false,
    mode: 'socket',
  });
  expect(anna.commands).toEqual([
    { command: '/vault', description: 'Files of this channel', usage_hint: 'list' },
  ]);
  expect(anna.shortcuts).toHaveLength(2);
  expect(anna.home).toBeNull();
  expect(names(await of('ben'))).toEqual(['general', 'design', 'random']);
  expect(names(await of('gus'))).toEqual(['general']);
  expect((await call(slack, 'workspace?user=nobody')).status).toBe(404);
});

test('upload, post, look, edit, delete', async () => {
  const slack = await freshSlack();
  const { anna: user = '' } = slack.workspace.people;
  const { general: channel = '' } = slack.workspace.channels;
  const bytes = Buffer.from('ein Bild');
  const uploaded = await fetch(
    `${slack.url}/sandbox/upload?user=${user}&name=${encodeURIComponent('Süß.png')}`,
    {
      method: 'POST',
      body: bytes,
    },
  );
  const { file } = (await uploaded.json()) as Payload;
  expect(file).toMatchObject({
    name: 'Süß.png',
    mimetype: 'image/png',
    size: bytes.length,
    user,
    mode: 'hosted',
  });
  const posted = await call(slack, 'post', { user, channel, text: 'look', file_ids: [file.id] });
  expect(posted.body.ts).toMatch(/^\d{10}\.\d{6}$/);
  const { ts } = posted.body;
  const preview = await fetch(`${slack.url}/sandbox/file/${file.id}?user=${user}`);
  expect(Buffer.from(await preview.arrayBuffer())).toEqual(bytes);
  expect(preview.headers.get('content-disposition')).toMatch(
    /^inline; filename\*=UTF-8''S%C3%BC%C3%9F\.png$/,
  );
  // Uploads share the page's origin: they are shown, but never run.
  expect(preview.headers.get('content-security-policy')).toBe(
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  );
  expect(preview.headers.get('x-content-type-options')).toBe('nosniff');
  await call(slack, 'edit', { user, channel, ts, text: 'look here' });
  const { messages } = (await call(slack, `messages?user=${user}&channel=${channel}`)).body;
  expect(messages).toEqual([
    expect.objectContaining({
      ts,
      text: 'look here',
      edited: true,
      files: [expect.objectContaining({ id: file.id })],
    }),
  ]);
  const other = slack.workspace.people.ben;
  expect((await call(slack, 'delete', { user: other, channel, ts })).status).toBe(403);
  expect((await call(slack, 'delete', { user: slack.workspace.people.carla, channel, ts })).status).toBe(200);
  expect((await call(slack, `messages?user=${user}&channel=${channel}`)).body.messages).toEqual([]);
});

test('an upload that breaks off leaves no file behind', async () => {
  const slack = await freshSlack();
  const { anna: user = '' } = slack.workspace.people;
  const upload = request(`${slack.url}/sandbox/upload?user=${user}&name=a.bin`, { method: 'POST' });
  upload.on('error', () => {});
  upload.write(Buffer.alloc(100_000));
  await eventually(() => readdirSync(join(slack.dir, 'files')).length === 1);
  upload.destroy();
  await eventually(() => readdirSync(join(slack.dir, 'files')).length === 0);
});

describe('refusals', () => {
  test('say what is wrong', async () => {
    const slack = await freshSlack();
    const { ben: user = '' } = slack.workspace.people;
    const { finance = '', random = '', general = '' } = slack.workspace.channels;
    const refused = async (what: string, body: unknown) => {
      const answer = await call(slack, what, body);
      return [answer.status, answer.body.error];
    };
    expect(await refused('post', { user, channel: finance, text: 'x' })).toEqual([404, 'channel_not_found']);
    expect(await refused('post', { user, channel: general, text: '' })).toEqual([400, 'no_text']);
    expect(await refused('post', { user, text: 'x' })).toEqual([400, 'channel is missing']);
    expect(await refused('nonsense', { user })).toEqual([404, 'There is no such address']);
    expect(await refused('constructor', { user })).toEqual([404, 'There is no such address']);
    const unconnected = await refused('command', { user, channel: random, text: '/vault' });
    expect(unconnected).toEqual([502, 'dispatch_failed']);
    const secret = await slack.as('anna').share('finance', { name: 'a.txt', content: 'a' });
    const peek = await fetch(`${slack.url}/sandbox/file/${secret.files[0]}?user=${user}`);
    expect(peek.status).toBe(404);
    const broken = await fetch(`${slack.url}/sandbox/post`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
  });
});

test('the stream shows each person what they may see, and nothing else', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const { anna = '', ben = '' } = slack.workspace.people;
  const { general = '', finance = '' } = slack.workspace.channels;
  const toAnna = await listen(slack, anna);
  const toBen = await listen(slack, ben);
  slack.as('anna').post('finance', 'secret');
  const { ts = '' } = await web.chat.postMessage({ channel: general, text: 'for all' });
  await web.chat.postEphemeral({ channel: general, user: anna, text: 'psst' });
  await web.chat.update({ channel: general, ts, text: 'for everybody' });
  await web.reactions.add({ channel: general, timestamp: ts, name: 'eyes' });
  await web.chat.delete({ channel: general, ts });
  await web.views.publish({ user_id: anna, view: { type: 'home', blocks: [] } });
  await eventually(() => toAnna.some(({ type }) => type === 'home'));
  const seen = (events: PageEvent[]) =>
    events.map((event) => ('message' in event ? `${event.type} ${event.message.text}` : event.type));
  expect(seen(toAnna)).toEqual([
    'message secret',
    'message for all',
    'message psst',
    'message_changed for everybody',
    'reaction',
    'message_deleted',
    'home',
  ]);
  await eventually(() => toBen.length >= 4);
  expect(seen(toBen)).toEqual([
    'message for all',
    'message_changed for everybody',
    'reaction',
    'message_deleted',
  ]);
  expect(JSON.stringify(toBen)).not.toContain(finance);
});

test('a command, a click, a modal and its submission, all over HTTP', async () => {
  const slack = await freshSlack();
  const web = webClient(slack);
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  await httpApp(slack, async ({ payload }) => {
    if (payload.command !== undefined) {
      const element = { type: 'button', action_id: 'open', text: plain('Open') };
      return { body: { text: 'menu', blocks: [{ type: 'actions', block_id: 'b', elements: [element] }] } };
    }
    if (payload.type === 'block_actions') {
      const element = { type: 'plain_text_input' as const, action_id: 't' };
      const view = {
        type: 'modal' as const,
        title: plain('Form'),
        submit: plain('Go'),
        notify_on_close: true,
        blocks: [{ type: 'input' as const, block_id: 'q', label: plain('Name'), element }],
      };
      await web.views.open({ trigger_id: payload.trigger_id, view });
    }
    if (payload.type === 'view_submission') {
      return { body: { response_action: 'errors', errors: { q: 'No' } } };
    }
    return {};
  });
  const { anna: user = '' } = slack.workspace.people;
  const { general: channel = '' } = slack.workspace.channels;
  const events = await listen(slack, user);
  expect((await call(slack, 'command', { user, channel, text: '/vault' })).status).toBe(200);
  const [menu] = (await call(slack, `messages?user=${user}&channel=${channel}`)).body.messages;
  const container = { type: 'message', channel, ts: menu.ts };
  const click = { user, container, block_id: 'b', action_id: 'open', payload: {} };
  expect((await call(slack, 'action', click)).status).toBe(200);
  const shown = await eventually(() => events.find((event) => event.type === 'view'));
  expect(shown).toMatchObject({ how: 'open', view: { type: 'modal', title: plain('Form') } });
  const view_id = 'view' in shown ? shown.view.id : '';
  const values = { q: { t: { type: 'plain_text_input', value: 'x' } } };
  expect((await call(slack, 'submit', { user, view_id, values })).body).toEqual({ errors: { q: 'No' } });
  expect((await call(slack, 'close', { user, view_id })).status).toBe(200);
  await eventually(() => events.find((event) => event.type === 'view_closed'));
});

test('other parts can be served from the same address', async () => {
  const slack = await freshSlack();
  slack.addRoute('/', (_request, response) => void response.end('the page'));
  slack.addRoute('/sandbox/bucket/', (_request, response) => void response.end('the bucket'));
  const text = async (path: string) => (await fetch(`${slack.url}${path}`)).text();
  expect(await text('/')).toBe('the page');
  expect(await text('/sandbox/bucket/x')).toBe('the bucket');
  expect((await call(slack, 'workspace')).body.me.name).toBe('anna');
});

test('pages from other sites are not served, whatever host name they use', async () => {
  const slack = await freshSlack();
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(`${slack.url}/sandbox/workspace`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  expect(await ask({ host: 'evil.example' })).toBe(403);
  expect(await ask({ origin: 'https://evil.example' })).toBe(403);
  expect(await ask({ origin: 'null' })).toBe(403);
  expect(await ask({ host: `localhost:${slack.port}`, origin: slack.url })).toBe(200);
});

test('a page on another port of this machine can neither post nor read, however it asks', async () => {
  const slack = await freshSlack();
  const post = async (headers: Record<string, string>) => {
    const body = JSON.stringify({
      user: 'anna',
      channel: slack.workspace.channels.general,
      text: 'not by anna',
    });
    return (await fetch(`${slack.url}/sandbox/post`, { method: 'POST', body, headers })).status;
  };
  const read = async (headers: Record<string, string>) =>
    (await fetch(`${slack.url}/sandbox/workspace`, { headers })).status;
  const elsewhere: Array<Record<string, string>> = [
    { origin: `http://127.0.0.1:${slack.port + 1}` },
    { origin: 'http://localhost' },
    { origin: `https://127.0.0.1:${slack.port}` },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'no-cors' },
  ];
  for (const headers of elsewhere) expect([await post(headers), await read(headers)]).toEqual([403, 403]);
  expect(slack.as('anna').messages('general')).toEqual([]);
  const own = { origin: slack.url, 'sec-fetch-site': 'same-origin' };
  expect([await post(own), await read(own)]).toEqual([200, 200]);
  // Following a link to here does no harm. `fetch` would name another mode.
  const visit = (method: string) =>
    new Promise((resolve) => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
      request(`${slack.url}/sandbox/workspace`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
  expect([await visit('GET'), await visit('POST')]).toEqual([200, 403]);
});

test('people see whether the app is connected', async () => {
  const slack = await freshSlack();
  const events = await listen(slack, slack.workspace.people.anna ?? '');
  const last = () => events.findLast((event) => event.type === 'bot')?.connected;
  await socketApp(slack);
  await eventually(() => last() === true);
  slack.cutSockets();
  await eventually(() => last() === false);
  await httpApp(slack);
  await eventually(() => last() === true);
  slack.setRequestUrl('http://127.0.0.1:1/slack/events');
  slack.as('anna').post('general', 'hello?');
  await eventually(() => last() === false);
  await webClient(slack).auth.test();
  await eventually(() => last() === true);
});

test('people see channels change as others come and go', async () => {
  const slack = await freshSlack();
  const events = await listen(slack, slack.workspace.people.ben ?? '');
  slack.as('anna').invite('random');
  slack.renameChannel('random', 'chatter');
  const seen = await eventually(() => {
    const last = events.at(-1);
    const channel =
      last?.type === 'workspace' && last.workspace.channels.find(({ name }) => name === 'chatter');
    return channel || undefined;
  });
  expect(seen).toMatchObject({ is_member: true, bot_is_member: true });
});

test('it listens on loopback only', async () => {
  await expect(freshSlack({ host: '0.0.0.0' })).rejects.toThrow('loopback');
});
