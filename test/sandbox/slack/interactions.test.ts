/** Commands, clicks, modals, response_url: what the app is sent, and what its answers do. */
import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { eventually, type Handler, httpApp, type Payload, type Received } from './receiver.ts';
import { freshSlack, refusal, webClient } from './start.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const button = (action_id: string, extra = {}) => ({
  type: 'button',
  action_id,
  text: plain('Go'),
  ...extra,
});
const modal = (title: string, extra: Payload = {}) =>
  ({ type: 'modal', title: plain(title), blocks: [{ type: 'divider' }], ...extra }) as never;

/** An app that hears everything but events. */
async function interactiveApp(handler: Handler = () => ({}), options: Parameters<typeof freshSlack>[0] = {}) {
  const slack = await freshSlack(options);
  const received: Received[] = [];
  await httpApp(slack, (one, at) => {
    if (one.payload.type === 'event_callback') return {};
    received.push(one);
    return handler(one, at);
  });
  return { slack, received, anna: slack.as('anna'), web: webClient(slack) };
}

function respond(url: string, body: unknown) {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('commands', () => {
  test('arrive with all their fields, mentions escaped', async () => {
    const { slack, received, anna } = await interactiveApp();
    await anna.command('finance', '/vault  list @ben #general #finance <b>  ');
    const { people, channels, teamId } = slack.workspace;
    expect(received[0]?.payload).toMatchObject({
      command: '/vault',
      text: `list <@${people.ben}|ben> <#${channels.general}|general> <#${channels.finance}|finance> &lt;b&gt;`,
      channel_id: channels.finance,
      channel_name: 'privategroup',
      user_id: anna.id,
      user_name: 'anna',
      team_id: teamId,
      team_domain: 'sandbox-inc',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(slack.url),
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]+$/),
    });
  });

  test('channels that the asker cannot see stay plain text; without should_escape everything does', async () => {
    const app = structuredClone(DEFAULT_APP);
    const { slack, received } = await interactiveApp();
    await slack.as('gus').command('general', '/vault #finance @anna');
    expect(received[0]?.payload.text).toBe(`#finance <@${slack.workspace.people.anna}|anna>`);
    for (const command of app.manifest.features?.slash_commands ?? []) command.should_escape = false;
    const raw = await interactiveApp(undefined, { app });
    await raw.anna.command('general', '/vault @ben #general');
    expect(raw.received[0]?.payload.text).toBe('@ben #general');
  });

  test('an unknown one, a channel out of sight, an app that fails', async () => {
    const { slack, anna } = await interactiveApp(() => ({ status: 500 }));
    await expect(anna.command('general', '/nonsense')).rejects.toThrow('/nonsense is not a valid command');
    await expect(slack.as('ben').command('finance', '/vault')).rejects.toThrow('channel_not_found');
    await expect(anna.command('general', '/vault')).rejects.toThrow('http_service_error');
  });

  test('can be answered at once, for the asker or for all', async () => {
    const bodies = [{ text: 'only you' }, { response_type: 'in_channel', text: 'everybody' }];
    const { slack, anna } = await interactiveApp(() => ({ body: bodies.shift() }));
    await anna.command('general', '/vault');
    await anna.command('general', '/vault');
    expect(anna.messages('general').map(({ text, ephemeral }) => [text, ephemeral ?? false])).toEqual([
      ['only you', true],
      ['everybody', false],
    ]);
    expect(
      slack
        .as('ben')
        .messages('general')
        .map(({ text }) => text),
    ).toEqual(['everybody']);
  });

  test('work in channels that the bot is not in', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('random', '/vault list');
    const url = received[0]?.payload.response_url;
    expect((await respond(url, { response_type: 'in_channel', text: 'here I am' })).status).toBe(200);
    expect(anna.messages('random')).toMatchObject([{ text: 'here I am' }]);
  });
});

describe('response_url', () => {
  test('of a command: five answers, each a new message, nothing replaced', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('general', '/vault');
    const url = received[0]?.payload.response_url;
    for (let at = 1; at <= 5; at += 1) {
      expect((await respond(url, { text: `${at}`, replace_original: true })).status).toBe(200);
    }
    const sixth = await respond(url, { text: '6' });
    expect([sixth.status, await sixth.text()]).toEqual([404, 'used_url']);
    expect(anna.messages('general').map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('ends after half an hour', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('general', '/vault');
    const url = received[0]?.payload.response_url;
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 30 * 60_000 + 1000);
    const late = await respond(url, { text: 'late' });
    clock.mockRestore();
    expect([late.status, await late.text()]).toEqual([404, 'expired_url']);
  });

  test('refuses bad blocks, empty answers and what is no JSON, without counting them', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('general', '/vault');
    const url = received[0]?.payload.response_url;
    const bad = await respond(url, { blocks: [{ type: 'nonsense' }] });
    expect([bad.status, await bad.json()]).toMatchObject([400, { ok: false, error: 'invalid_blocks' }]);
    expect((await respond(url, {})).status).toBe(500);
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(500);
    expect((await respond(`${url}x`, { text: 'x' })).status).toBe(404);
    for (let at = 1; at <= 5; at += 1) expect((await respond(url, { text: 'x' })).status).toBe(200);
  });

  test('of a click on an ephemeral message: replaced in place, later deleted', async () => {
    const { slack, received, anna, web } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const blocks = [{ type: 'actions', elements: [button('next', { value: 'p2' })] }] as never;
    await web.chat.postEphemeral({ channel, user: anna.id, text: 'page 1', blocks });
    const [page] = anna.messages('general');
    if (page === undefined) throw new Error('no message');
    await anna.action(page, 'next');
    const payload: Payload = received[0]?.payload ?? {};
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: anna.id, username: 'anna', team_id: slack.workspace.teamId },
      container: { type: 'message', message_ts: page.ts, channel_id: channel, is_ephemeral: true },
      channel: { id: channel, name: 'general' },
      actions: [{ type: 'button', action_id: 'next', value: 'p2', block_id: page.blocks?.[0]?.block_id }],
    });
    expect(payload).not.toHaveProperty('message');
    await respond(payload.response_url, { replace_original: true, text: 'page 2' });
    expect(anna.messages('general')).toMatchObject([{ ts: page.ts, text: 'page 2', ephemeral: true }]);
    await respond(payload.response_url, {
      replace_original: true,
      response_type: 'in_channel',
      text: 'all?',
    });
    expect(slack.as('ben').messages('general')).toEqual([]);
    await respond(payload.response_url, { delete_original: true });
    expect(anna.messages('general')).toEqual([]);
  });

  test('of a click on a public message, in its thread', async () => {
    const { slack, received, anna, web } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const blocks = [{ type: 'actions', elements: [button('a')] }] as never;
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'x', blocks });
    const ben = slack.as('ben');
    await ben.action({ type: 'message', channel, ts }, 'a');
    const payload: Payload = received[0]?.payload ?? {};
    expect(payload.message).toMatchObject({ ts, text: 'x', bot_id: slack.workspace.botId });
    await respond(payload.response_url, { text: 'only ben' });
    await respond(payload.response_url, { text: 'all', response_type: 'in_channel', thread_ts: ts });
    await respond(payload.response_url, { text: 'changed', replace_original: true });
    expect(anna.messages('general').map(({ text, thread_ts }) => [text, thread_ts])).toEqual([
      ['changed', undefined],
      ['all', ts],
    ]);
    expect(ben.messages('general').map(({ text }) => text)).toContain('only ben');
  });
});

describe('actions', () => {
  test('take their value from the block, not from the page; strange ones are refused', async () => {
    const { slack, received, anna, web } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const options = [{ text: plain('One'), value: '1' }];
    const elements = [button('go', { value: 'real' }), { type: 'overflow', action_id: 'more', options }];
    const { ts = '' } = await web.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'actions', block_id: 'b', elements }] as never,
    });
    const at = { type: 'message' as const, channel, ts };
    await anna.action(at, 'go', { payload: { value: 'forged' } });
    expect(received[0]?.payload.actions[0].value).toBe('real');
    await anna.action(at, 'more', { payload: { selected_option: { value: '1' } } });
    expect(received[1]?.payload.actions[0]).toMatchObject({ type: 'overflow', selected_option: options[0] });
    const strange = anna.action(at, 'more', { payload: { selected_option: { value: '2' } } });
    await expect(strange).rejects.toThrow('There is no such option');
    await expect(anna.action(at, 'nothing')).rejects.toThrow('There is no such element');
    const elsewhere = { ...at, channel: slack.workspace.channels.finance ?? '' };
    await expect(slack.as('ben').action(elsewhere, 'go')).rejects.toThrow('channel_not_found');
  });

  test("nobody can click on another person's ephemeral message", async () => {
    const { slack, anna, web } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const blocks = [{ type: 'actions', elements: [button('a')] }] as never;
    const { message_ts: ts = '' } = await web.chat.postEphemeral({
      channel,
      user: anna.id,
      text: 'x',
      blocks,
    });
    const click = slack.as('ben').action({ type: 'message', channel, ts }, 'a');
    await expect(click).rejects.toThrow('message_not_found');
  });

  test('carry the state of inputs: initial values, and what was changed', async () => {
    const { slack, received, anna, web } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const options = ['1', '2'].map((value) => ({ text: plain(value), value }));
    const elements = [
      button('go'),
      { type: 'static_select', action_id: 'kind', options, initial_option: options[0] },
      { type: 'datepicker', action_id: 'day' },
    ];
    const { ts = '' } = await web.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'actions', block_id: 'b', elements }] as never,
    });
    const state = { b: { day: { selected_date: '2026-11-23' } } };
    await anna.action({ type: 'message', channel, ts }, 'go', { state });
    expect(received[0]?.payload.state.values).toEqual({
      b: {
        kind: { type: 'static_select', selected_option: options[0] },
        day: { type: 'datepicker', selected_date: '2026-11-23' },
      },
    });
  });

  test('an external select asks for options; bad answers do not reach the page', async () => {
    const good = { options: [{ text: plain('One'), value: '1' }] };
    const bodies: unknown[] = [good, { options: 'nonsense' }];
    const { slack, received, anna, web } = await interactiveApp(({ payload }) =>
      payload.type === 'block_suggestion' ? { body: bodies.shift() } : {},
    );
    const channel = slack.workspace.channels.general ?? '';
    const elements = [{ type: 'external_select', action_id: 'find', min_query_length: 1 }];
    const { ts = '' } = await web.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'actions', elements }] as never,
    });
    const at = { type: 'message' as const, channel, ts };
    expect(await anna.options(at, 'find', 'on')).toEqual(good);
    expect(received[0]?.payload).toMatchObject({ type: 'block_suggestion', value: 'on', action_id: 'find' });
    await expect(anna.options(at, 'find', 'x')).rejects.toThrow('not valid');
  });

  test('silence is an operation_timeout', async () => {
    const { anna } = await interactiveApp(() => 'hang', { ackMs: 100 });
    await expect(anna.shortcut('open_vault')).rejects.toMatchObject({
      status: 504,
      message: expect.stringContaining('operation_timeout'),
    });
  });
});

describe('shortcuts', () => {
  test('one on a message carries the message', async () => {
    const { slack, received, anna } = await interactiveApp();
    const channel = slack.workspace.channels.general ?? '';
    const { ts, files } = await anna.share('general', { name: 'a.txt', content: 'a' });
    await anna.shortcut('keep_files', { channel, ts });
    expect(received[0]?.payload).toMatchObject({
      type: 'message_action',
      callback_id: 'keep_files',
      message_ts: ts,
      channel: { id: channel },
      message: { files: [{ id: files[0] }] },
    });
    await anna.shortcut('open_vault');
    expect(received[1]?.payload).toMatchObject({ type: 'shortcut', callback_id: 'open_vault' });
    await expect(anna.shortcut('unknown')).rejects.toThrow('no such shortcut');
    await expect(anna.shortcut('keep_files', { channel, ts: '1.0' })).rejects.toThrow('message_not_found');
  });
});

describe('triggers', () => {
  test('open one view, for a short time, and only real ones', async () => {
    const { received, anna, web } = await interactiveApp(undefined, { triggerMs: 200 });
    const trigger = async () => {
      await anna.shortcut('open_vault');
      return received.at(-1)?.payload.trigger_id;
    };
    const open = (trigger_id: string) => web.views.open({ trigger_id, view: modal('A') });
    const first = await trigger();
    await open(first);
    expect(await refusal(open(first))).toBe('exchanged_trigger_id');
    const late = await trigger();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await refusal(open(late))).toBe('expired_trigger_id');
    expect(await refusal(open('1.2.abc'))).toBe('invalid_trigger_id');
  });
});

describe('modals', () => {
  const withButton = (title: string, extra: Payload = {}) =>
    modal(title, { blocks: [{ type: 'actions', elements: [button('deeper')] }], ...extra });

  async function opened(view: never, handler?: Handler) {
    const app = await interactiveApp(handler);
    await app.anna.shortcut('open_vault');
    const trigger_id = app.received.at(-1)?.payload.trigger_id;
    const answer = await app.web.views.open({ trigger_id, view });
    return { ...app, view: answer.view as Payload, trigger: () => app.received.at(-1)?.payload.trigger_id };
  }

  test('lie three deep at most', async () => {
    const { anna, web, view, trigger } = await opened(withButton('1'));
    let top = view.id;
    const push = async (title: string) => {
      await anna.action({ type: 'view', view_id: top }, 'deeper');
      const answer = await web.views.push({ trigger_id: trigger(), view: withButton(title) });
      top = answer.view?.id ?? '';
      return answer.view;
    };
    expect(await push('2')).toMatchObject({ root_view_id: view.id, previous_view_id: view.id });
    await push('3');
    await anna.action({ type: 'view', view_id: top }, 'deeper');
    const fourth = web.views.push({ trigger_id: trigger(), view: withButton('4') });
    expect(await refusal(fourth)).toBe('push_limit_reached');
    await anna.shortcut('open_vault');
    const outside = web.views.push({ trigger_id: trigger(), view: withButton('x') });
    expect(await refusal(outside)).toBe('invalid_trigger_id');
  });

  test('are updated by id or external id, and a stale hash is refused', async () => {
    const { anna, web, view } = await opened(modal('1', { external_id: 'mine' }));
    const updated = await web.views.update({
      view_id: view.id,
      hash: view.hash,
      view: modal('2', { external_id: 'mine' }),
    });
    expect(updated.view?.id).toBe(view.id);
    expect(anna.modal()?.title?.text).toBe('2');
    const stale = web.views.update({ view_id: view.id, hash: view.hash, view: modal('3') });
    expect(await refusal(stale)).toBe('hash_conflict');
    await web.views.update({ external_id: 'mine', view: modal('4') });
    expect(anna.modal()?.title?.text).toBe('4');
    expect(await refusal(web.views.update({ view_id: 'V000', view: modal('5') }))).toBe('not_found');
  });

  test('bad views are refused with reasons, large ones as too large', async () => {
    const { anna, received, web } = await interactiveApp();
    await anna.shortcut('open_vault');
    const trigger_id = received[0]?.payload.trigger_id;
    const error = await web.views.open({ trigger_id, view: modal('x'.repeat(25)) }).catch((caught) => caught);
    expect(error.data).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    const text = { type: 'mrkdwn', text: 'x'.repeat(3000) };
    const large = modal('L', { blocks: Array(90).fill({ type: 'section', text }) });
    expect(await refusal(web.views.open({ trigger_id, view: large }))).toBe('view_too_large');
    // Neither attempt has used the trigger up.
    expect((await web.views.open({ trigger_id, view: modal('ok') })).ok).toBe(true);
  });

  test('a submission can change, push, keep, clear', async () => {
    const input = {
      type: 'input',
      block_id: 'q',
      label: plain('Name'),
      element: { type: 'plain_text_input', action_id: 'text' },
    };
    const form = modal('Form', {
      callback_id: 'form',
      submit: plain('Go'),
      blocks: [input],
      private_metadata: 'p',
    });
    const answers: unknown[] = [
      { response_action: 'errors', errors: { unknown: 'x' } },
      { response_action: 'update', view: modal('x'.repeat(30)) },
      { response_action: 'update', view: form },
      { response_action: 'push', view: form },
      { response_action: 'clear' },
    ];
    const { anna, received, view } = await opened(form, ({ payload }) =>
      payload.type === 'view_submission' ? { body: answers.shift() } : {},
    );
    const values = { q: { text: { value: 'typed' } } };
    await expect(anna.submit(view.id, values)).rejects.toThrow('name no input');
    await expect(anna.submit(view.id, values)).rejects.toThrow('invalid_arguments');
    expect(received.at(-1)?.payload).toMatchObject({
      type: 'view_submission',
      view: {
        id: view.id,
        callback_id: 'form',
        private_metadata: 'p',
        state: { values: { q: { text: { type: 'plain_text_input', value: 'typed' } } } },
      },
      response_urls: [],
    });
    await anna.submit(view.id, values);
    expect(anna.modal()?.id).toBe(view.id);
    await anna.submit(view.id, values);
    const pushed = anna.modal();
    expect(pushed?.previous_view_id).toBe(view.id);
    await anna.submit(pushed?.id ?? '', values);
    expect(anna.modal()).toBeUndefined();
  });

  test('a file input hands files over, which the app may then fetch', async () => {
    const input = {
      type: 'input',
      block_id: 'f',
      label: plain('Files'),
      element: { type: 'file_input', action_id: 'files' },
    };
    const { slack, anna, web, received, view } = await opened(
      modal('Form', { submit: plain('Go'), blocks: [input] }),
    );
    const id = await anna.upload({ name: 'a.txt', content: 'handed over' });
    expect(await refusal(web.files.info({ file: id }))).toBe('file_not_found');
    const foreign = await slack.as('ben').upload({ name: 'b.txt', content: 'not hers' });
    const give = (...ids: string[]) =>
      anna.submit(view.id, { f: { files: { files: ids.map((id) => ({ id })) } } });
    await expect(give(foreign)).rejects.toThrow('file_not_found');
    await expect(anna.action({ type: 'view', view_id: view.id }, 'files')).rejects.toThrow(
      'does not dispatch',
    );
    await give(id);
    const [file] = received.at(-1)?.payload.view.state.values.f.files.files ?? [];
    const headers = { authorization: `Bearer ${slack.app.botToken}` };
    expect(await (await fetch(file.url_private_download, { headers })).text()).toBe('handed over');
  });

  test('closing tells the app only if it wanted to know', async () => {
    const { anna, received, view } = await opened(modal('1', { notify_on_close: true }));
    await expect(anna.close('V000')).rejects.toThrow('no such view');
    await anna.close(view.id);
    expect(received.at(-1)?.payload).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { id: view.id },
    });
    const quiet = await opened(modal('2'));
    await quiet.anna.close(quiet.view.id);
    expect(quiet.received.map(({ payload }) => payload.type)).toEqual(['shortcut']);
  });
});

describe('App Home', () => {
  test('is published per person, with hashes, if the manifest has the tab', async () => {
    const { slack, web } = await interactiveApp();
    const { anna = '' } = slack.workspace.people;
    const view = { type: 'home', blocks: [{ type: 'divider' }] } as never;
    const first = await web.views.publish({ user_id: anna, view });
    const second = await web.views.publish({ user_id: anna, view, hash: first.view?.hash ?? '' });
    expect(second.view?.id).toBe(first.view?.id);
    const stale = web.views.publish({ user_id: anna, view, hash: first.view?.hash ?? '' });
    expect(await refusal(stale)).toBe('hash_conflict');
    expect(await refusal(web.views.publish({ user_id: 'U000', view }))).toBe('user_not_found');
    expect(await refusal(web.views.publish({ user_id: anna, view: modal('x') }))).toBe('invalid_arguments');
    const app = structuredClone(DEFAULT_APP);
    app.manifest.features = { ...app.manifest.features, app_home: { home_tab_enabled: false } };
    const without = await freshSlack({ app });
    const user_id = without.workspace.people.anna ?? '';
    expect(await refusal(webClient(without).views.publish({ user_id, view }))).toBe('not_enabled');
  });

  test('buttons in it act on the view', async () => {
    const { slack, received, anna, web } = await interactiveApp();
    const blocks = [{ type: 'actions', elements: [button('retry', { value: 'F1' })] }];
    await web.views.publish({ user_id: anna.id, view: { type: 'home', blocks } as never });
    const home = await eventually(() => anna.homeView());
    await anna.action(home, 'retry');
    expect(received[0]?.payload).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: home.id },
      view: { id: home.id, type: 'home', hash: home.hash },
      actions: [{ action_id: 'retry', value: 'F1' }],
    });
    expect(received[0]?.payload).not.toHaveProperty('response_url');
    await expect(slack.as('ben').action(home, 'retry')).rejects.toThrow('no such view');
  });
});
