/** Modals and App Homes: opened, pushed, updated, submitted, closed. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { button, plain } from './elements.ts';
import { eventually, type Handler, interactiveApp, type Payload } from './receiver.ts';
import { freshSlack, refusal, webClient } from './start.ts';

const modal = (title: string, extra: Payload = {}) =>
  ({ type: 'modal', title: plain(title), blocks: [{ type: 'divider' }], ...extra }) as never;

describe('triggers', () => {
  test('open one view, for a short time, and only real ones', async () => {
    const { received, anna, web } = await interactiveApp(undefined, { triggerMs: 1000 });
    const trigger = async () => {
      await anna.shortcut('open_vault');
      return received.at(-1)?.payload.trigger_id;
    };
    const open = (trigger_id: string) => web.views.open({ trigger_id, view: modal('A') });
    const first = await trigger();
    await open(first);
    expect(await refusal(open(first))).toBe('exchanged_trigger_id');
    const late = await trigger();
    await new Promise((resolve) => setTimeout(resolve, 1050));
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

  test('are stacked three deep at most', async () => {
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
    // Neither attempt used up the trigger.
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

  test('a file input hands over files, which the app may then fetch', async () => {
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
