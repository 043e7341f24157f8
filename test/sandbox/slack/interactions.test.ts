/** Clicks, menus and shortcuts: what the app is sent, and what is refused. */
import { describe, expect, test } from 'vitest';
import { button, plain } from './elements.ts';
import { interactiveApp } from './receiver.ts';

describe('actions', () => {
  test('take their value from the block, not from the page; unknown ones are refused', async () => {
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
    const url = received[0]?.payload.response_url;
    const answer = (body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
    await answer({ replace_original: true, text: 'kept' });
    expect(anna.messages('general')).toMatchObject([
      { ts, user: anna.id },
      { text: 'kept', ephemeral: true },
    ]);
    expect((await answer({ delete_original: true })).status).toBe(400);
    await anna.shortcut('open_vault');
    expect(received[1]?.payload).toMatchObject({ type: 'shortcut', callback_id: 'open_vault' });
    await expect(anna.shortcut('unknown')).rejects.toThrow('no such shortcut');
    await expect(anna.shortcut('keep_files', { channel, ts: '1.0' })).rejects.toThrow('message_not_found');
  });
});
