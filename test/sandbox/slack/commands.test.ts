/** Slash commands, and what may be answered to a response_url. */
import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { button } from './elements.ts';
import { interactiveApp, type Payload } from './receiver.ts';

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

  test('channels that the asker cannot see stay plain text; without should_escape, so does everything', async () => {
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
    slack.as('ben').leave('random');
    await expect(slack.as('ben').command('random', '/vault')).rejects.toThrow('not_in_channel');
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

  test('an answer that cannot be shown is an error', async () => {
    const bodies: unknown[] = [
      { text: 'x', blocks: [{ type: 'nonsense' }] },
      { response_type: 'ephemeral' },
      {},
    ];
    const { anna } = await interactiveApp(() => ({ body: bodies.shift() }));
    await expect(anna.command('general', '/vault')).rejects.toThrow('invalid_command_response');
    await expect(anna.command('general', '/vault')).rejects.toThrow('invalid_command_response');
    await anna.command('general', '/vault');
    expect(anna.messages('general')).toEqual([]);
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

  test('answers that come together are counted one by one', async () => {
    const { received, anna } = await interactiveApp();
    await anna.command('general', '/vault');
    const url = received[0]?.payload.response_url;
    const all = await Promise.all(Array.from({ length: 9 }, () => respond(url, { text: 'x' })));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(anna.messages('general')).toHaveLength(5);
  });

  test('can be made to fail, and then still has its five uses', async () => {
    const { slack, received, anna } = await interactiveApp();
    await anna.command('general', '/vault');
    const url = received[0]?.payload.response_url;
    slack.faults.api('response_url', { status: 503 }, 1);
    expect((await respond(url, { text: 'lost' })).status).toBe(503);
    for (let at = 1; at <= 5; at += 1) expect((await respond(url, { text: 'x' })).status).toBe(200);
    expect(anna.messages('general').map(({ text }) => text)).toEqual(['x', 'x', 'x', 'x', 'x']);
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
