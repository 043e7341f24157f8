/** Events: which, to whom, how often, and how they are carried. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_APP, type SandboxSlack } from '../../../sandbox/slack/server.ts';
import { eventually, httpApp, type Payload, type Received, socketApp } from './receiver.ts';
import { freshSlack, tempDir, webClient } from './start.ts';

const events = (received: Received[]) => received.map(({ payload }) => payload.event);
const kinds = (received: Received[]) =>
  events(received).map((event: Payload) => (event.subtype ? `${event.type}/${event.subtype}` : event.type));

async function appOn(options: Parameters<typeof freshSlack>[0] = {}) {
  const slack = await freshSlack(options);
  const received = await httpApp(slack);
  /** What has come since the last time, once all is delivered. */
  const settle = async () => {
    await slack.deliveries.settled();
    return received.splice(0);
  };
  return { slack, received, settle };
}

function appWith(change: (manifest: (typeof DEFAULT_APP)['manifest']) => void) {
  const app = structuredClone(DEFAULT_APP);
  change(app.manifest);
  return app;
}

describe('the envelope', () => {
  test('is complete, and signed', async () => {
    const { slack, settle } = await appOn();
    slack.as('anna').post('general', 'hi');
    const [received] = await settle();
    const { teamId, appId, botUserId } = slack.workspace;
    expect(received?.payload).toMatchObject({
      type: 'event_callback',
      team_id: teamId,
      api_app_id: appId,
      event_id: expect.stringMatching(/^Ev/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: teamId, user_id: botUserId, is_bot: true }],
      event: {
        type: 'message',
        text: 'hi',
        channel: slack.workspace.channels.general,
        channel_type: 'channel',
      },
    });
    const timestamp = received?.headers['x-slack-request-timestamp'];
    const expected = createHmac('sha256', slack.app.signingSecret)
      .update(`v0:${timestamp}:${received?.raw}`)
      .digest('hex');
    expect(received?.headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
  });
});

describe('which events there are', () => {
  test('a file shared in a public channel', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    const { ts, files } = await anna.share('general', { name: 'a.txt', content: 'a' }, { text: 'look' });
    const received = await settle();
    expect(kinds(received).sort()).toEqual([
      'file_created',
      'file_public',
      'file_shared',
      'message/file_share',
    ]);
    const all = events(received);
    expect(all.find(({ type }) => type === 'message')).toMatchObject({
      user: anna.id,
      text: 'look',
      ts,
      upload: true,
      files: [{ id: files[0], url_private_download: expect.any(String) }],
    });
    const shared = all.find(({ type }) => type === 'file_shared');
    expect(shared).toMatchObject({
      file_id: files[0],
      file: { id: files[0] },
      user_id: anna.id,
      channel_id: slack.workspace.channels.general,
    });
    expect(shared).not.toHaveProperty('ts');
  });

  test('in a private channel, as a reply: no file_public; the message names its thread', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    const thread_ts = slack.as('carla').post('finance', 'numbers?');
    await anna.share('finance', { name: 'a.csv', content: 'a' }, { thread_ts });
    const received = await settle();
    expect(kinds(received)).not.toContain('file_public');
    const message = events(received).find(({ subtype }) => subtype === 'file_share');
    expect(message).toMatchObject({
      thread_ts,
      parent_user_id: slack.workspace.people.carla,
      channel_type: 'group',
    });
  });

  test('edits, deletions, and files that go', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    const first = await anna.share('general', { name: 'a.txt', content: 'a' }, { text: 'one' });
    await settle();
    const more = await anna.upload({ name: 'b.txt', content: 'b' });
    anna.edit('general', first.ts, 'two', [more]);
    const [created, changed, shared] = events(await settle()).filter(({ type }) => type !== 'file_public');
    expect(created.type).toBe('file_created');
    expect(changed).toMatchObject({
      subtype: 'message_changed',
      hidden: true,
      message: { ts: first.ts, text: 'two', files: [{ id: first.files[0] }, { id: more }] },
      previous_message: { ts: first.ts, text: 'one' },
    });
    expect(shared).toMatchObject({ type: 'file_shared', file_id: more });
    await anna.removeFile(more);
    const afterDelete = await settle();
    expect(kinds(afterDelete).sort()).toEqual(['file_deleted', 'message/message_changed']);
    expect(events(afterDelete).find(({ type }) => type === 'file_deleted')).toMatchObject({
      file_id: more,
      channel_ids: [slack.workspace.channels.general],
    });
    anna.remove('general', first.ts);
    const gone = await settle();
    expect(kinds(gone).sort()).toEqual(['file_unshared', 'message/message_deleted']);
    expect(events(gone).find(({ type }) => type === 'message')).toMatchObject({
      deleted_ts: first.ts,
      previous_message: { text: 'two', files: [{ id: first.files[0] }, { id: more, mode: 'tombstone' }] },
    });
  });

  test('a parent with replies becomes a tombstone, and goes when the last reply goes', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    const parent = anna.post('general', 'parent');
    const reply = anna.post('general', 'reply', { thread_ts: parent });
    await settle();
    anna.remove('general', parent);
    const [changed] = events(await settle());
    expect(changed).toMatchObject({
      subtype: 'message_changed',
      message: { subtype: 'tombstone', ts: parent },
    });
    anna.remove('general', reply);
    const deleted = events(await settle());
    expect(deleted.map(({ deleted_ts }) => deleted_ts).sort()).toEqual([parent, reply].sort());
    expect(anna.messages('general')).toEqual([]);
  });

  test('a broadcast reply, and the bot hears its own messages', async () => {
    const { slack, settle } = await appOn();
    const channel = slack.workspace.channels.general ?? '';
    const thread_ts = slack.as('anna').post('general', 'parent');
    await webClient(slack).chat.postMessage({ channel, thread_ts, text: 'loud', reply_broadcast: true });
    const [, broadcast] = events(await settle());
    expect(broadcast).toMatchObject({
      subtype: 'thread_broadcast',
      bot_id: slack.workspace.botId,
      root: { ts: thread_ts, text: 'parent' },
    });
  });

  test('people come and go, the bot too; a channel is renamed and archived', async () => {
    const { slack, settle } = await appOn();
    const channel = slack.workspace.channels.random ?? '';
    slack.as('ben').leave('general');
    slack.as('anna').invite('random');
    const joined = events(await settle());
    expect(joined).toMatchObject([
      { type: 'member_left_channel', user: slack.workspace.people.ben, channel_type: 'C' },
      {
        type: 'member_joined_channel',
        user: slack.workspace.botUserId,
        channel,
        inviter: slack.workspace.people.anna,
      },
    ]);
    slack.renameChannel('random', 'chatter');
    slack.archiveChannel('chatter');
    slack.archiveChannel('chatter', false);
    slack.as('anna').kick('chatter');
    expect(kinds(await settle())).toEqual([
      'channel_rename',
      'channel_archive',
      'channel_unarchive',
      'member_left_channel',
      'channel_left',
    ]);
    slack.as('anna').post('chatter', 'unheard');
    expect(await settle()).toEqual([]);
  });

  test('a channel gets another id, and its messages and files go with it', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    const old = slack.workspace.channels.finance ?? '';
    const { ts, files } = await anna.share('finance', { name: 'a.txt', content: 'a' });
    await settle();
    const fresh = slack.changeChannelId('finance');
    expect(events(await settle())).toMatchObject([
      { type: 'channel_id_changed', old_channel_id: old, new_channel_id: fresh },
    ]);
    expect(anna.messages('finance')).toMatchObject([{ ts, channel: fresh, files: [{ id: files[0] }] }]);
    const { file } = await webClient(slack).files.info({ file: files[0] ?? '' });
    expect(file?.groups).toEqual([fresh]);
    expect(() => anna.messages(old)).toThrow('channel_not_found');
  });

  test('a file is renamed', async () => {
    const { slack, settle } = await appOn();
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await settle();
    slack.as('anna').renameFile(files[0] ?? '', { title: 'Better' });
    expect(events(await settle())).toEqual([
      { type: 'file_change', file_id: files[0], file: { id: files[0] } },
    ]);
  });

  test('app_home_opened, with the view once there is one', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    anna.home();
    const [first] = events(await settle());
    expect(first).toMatchObject({
      type: 'app_home_opened',
      user: anna.id,
      tab: 'home',
      channel: slack.workspace.dms.anna,
    });
    expect(first).not.toHaveProperty('view');
    const view = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
    await webClient(slack).views.publish({ user_id: anna.id, view });
    anna.home();
    expect(events(await settle())[0].view).toMatchObject({ type: 'home', hash: expect.any(String) });
  });
});

describe('who is told', () => {
  test('only of channels that the bot is in', async () => {
    const { slack, settle } = await appOn();
    await slack.as('anna').share('random', { name: 'a.txt', content: 'a' });
    expect(kinds(await settle())).toEqual(['file_created']);
  });

  test('only what the manifest subscribes to and has the scope for', async () => {
    const unsubscribed = await appOn({
      app: appWith((manifest) => {
        manifest.settings = { ...manifest.settings, event_subscriptions: { bot_events: ['file_shared'] } };
      }),
    });
    await unsubscribed.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    expect(kinds(await unsubscribed.settle())).toEqual(['file_shared']);
    const unscoped = await appOn({
      app: appWith((manifest) => {
        manifest.oauth_config = { scopes: { bot: ['channels:history'] } };
      }),
    });
    const anna = unscoped.slack.as('anna');
    await anna.share('general', { name: 'a.txt', content: 'a' });
    anna.post('finance', 'numbers');
    expect(kinds(await unscoped.settle())).toEqual(['message/file_share']);
  });
});

describe('attempts over HTTP', () => {
  test('a failure is tried three times more, with its number and reason; then no more', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 10, 20] });
    const received = await httpApp(slack, () => ({ status: 500 }));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(new Set(received.map(({ payload }) => payload.event_id)).size).toBe(1);
    expect(slack.deliveries.list).toMatchObject([{ acked: false, over: true }]);
    expect(slack.deliveries.list[0]?.attempts).toHaveLength(4);
  });

  test('silence for too long is a time-out; the next attempt can succeed', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0], ackMs: 100 });
    const received = await httpApp(slack, (_one, at) => (at === 0 ? 'hang' : {}));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
    expect(slack.deliveries.list).toMatchObject([{ acked: true }]);
  });

  test('nobody there is a failed connection', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0] });
    slack.setRequestUrl('http://127.0.0.1:1/slack/events');
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(slack.deliveries.list[0]?.attempts.map(({ reason }) => reason)).toEqual([
      'connection_failed',
      'connection_failed',
    ]);
  });

  test('x-slack-no-retry is obeyed', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 0, 0] });
    const received = await httpApp(slack, () => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    slack.as('anna').post('general', 'hi');
    await slack.deliveries.settled();
    expect(received).toHaveLength(1);
  });
});

describe('sockets', () => {
  const event = (envelope: Payload) => envelope.payload?.event?.text;

  test('each payload goes to one of them, in turn', async () => {
    const slack = await freshSlack();
    const apps = [await socketApp(slack), await socketApp(slack)];
    expect(apps[1]?.messages[0]).toMatchObject({ type: 'hello', num_connections: 2 });
    for (let at = 0; at < 6; at += 1) slack.as('anna').post('general', `${at}`);
    await slack.deliveries.settled();
    const got = apps.map(({ messages }) => messages.slice(1).map(event));
    expect(got.map((texts) => texts.length)).toEqual([3, 3]);
    expect(got.flat().sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('what is not acknowledged is tried again, over another one', async () => {
    const slack = await freshSlack({ retryDelaysMs: [0, 0, 0], ackMs: 100 });
    const deaf = await socketApp(slack, () => undefined);
    const good = await socketApp(slack);
    for (const text of ['a', 'b']) slack.as('anna').post('general', text);
    await slack.deliveries.settled();
    expect(good.messages.slice(1).map(event).sort()).toEqual(['a', 'b']);
    const again = good.messages.find(({ retry_attempt }) => retry_attempt > 0);
    expect(again).toMatchObject({ retry_attempt: 1, retry_reason: 'timeout', type: 'events_api' });
    expect(deaf.messages).toHaveLength(2);
  });

  test('with none open, an event waits for its next attempt and a command fails at once', async () => {
    const slack = await freshSlack({ retryDelaysMs: [300, 0, 0] });
    slack.as('anna').post('general', 'early');
    await expect(slack.as('anna').command('general', '/vault list')).rejects.toThrow('dispatch_failed');
    const app = await socketApp(slack);
    await slack.deliveries.settled();
    expect(app.messages.slice(1)).toMatchObject([
      { retry_attempt: 1, payload: { event: { text: 'early' } } },
    ]);
  });

  test('a refresh asks them to come again; an eleventh is turned away', async () => {
    const slack = await freshSlack();
    const first = await socketApp(slack);
    for (let at = 0; at < 9; at += 1) await socketApp(slack);
    const eleventh = await socketApp(slack);
    expect(eleventh.messages).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    await eleventh.closed;
    slack.refreshSockets('warning');
    await first.closed;
    expect(first.messages.at(-1)).toMatchObject({ type: 'disconnect', reason: 'warning' });
    expect((await socketApp(slack)).messages[0]).toMatchObject({ type: 'hello', num_connections: 1 });
  });

  test('a ticket opens one socket, once', async () => {
    const slack = await freshSlack();
    const { socket } = await socketApp(slack);
    const { WebSocket } = await import('ws');
    const again = new WebSocket(socket.url);
    const error = await new Promise<Error>((resolve) => again.once('error', resolve));
    expect(error.message).toContain('408');
  });

  test('pings are answered', async () => {
    const slack = await freshSlack();
    const { socket } = await socketApp(slack);
    const pong = new Promise<string>((resolve) => socket.once('pong', (data) => resolve(String(data))));
    socket.ping('are you there');
    expect(await pong).toBe('are you there');
  });
});

describe('faults of delivery', () => {
  const texts = (received: Received[]) => events(received).map(({ text }) => text);

  test('twice, not at all, late, out of order', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    slack.faults.event('message', { kind: 'duplicate' }, 1);
    anna.post('general', 'twice');
    const twice = await settle();
    expect(texts(twice)).toEqual(['twice', 'twice']);
    expect(new Set(twice.map(({ payload }) => payload.event_id)).size).toBe(1);
    slack.faults.event('*', { kind: 'drop' }, 1);
    anna.post('general', 'never');
    slack.faults.event('message', { kind: 'reorder' }, 1);
    anna.post('general', 'first');
    anna.post('general', 'second');
    expect(texts(await settle()).sort()).toEqual(['first', 'second']);
    slack.faults.event('message', { kind: 'delay', ms: 50 }, 1);
    anna.post('general', 'late');
    expect(texts(await settle())).toEqual(['late']);
  });

  test('reordering sends the later one first', async () => {
    const slack = await freshSlack();
    const app = await socketApp(slack);
    slack.faults.event('message', { kind: 'reorder' }, 1);
    slack.as('anna').post('general', 'first');
    slack.as('anna').post('general', 'second');
    await slack.deliveries.settled();
    expect(app.messages.slice(1).map(({ payload }) => payload.event.text)).toEqual(['second', 'first']);
  });

  test('stubs in the event, the whole file from files.info', async () => {
    const { slack, settle } = await appOn();
    const anna = slack.as('anna');
    slack.faults.stub('*', 'check_file_info', 1);
    const first = await anna.share('general', { name: 'a.txt', content: 'a' });
    const stub = events(await settle()).find(({ type }) => type === 'message')?.files[0];
    expect(stub).toEqual({
      id: first.files[0],
      mode: 'file_access',
      file_access: 'check_file_info',
      created: 0,
      timestamp: 0,
      user: '',
    });
    const { file } = await webClient(slack).files.info({ file: first.files[0] ?? '' });
    expect(file?.url_private_download).toBeDefined();
    slack.faults.stub('*', 'no_url', 1);
    await anna.share('general', { name: 'b.txt', content: 'b' });
    const bare = events(await settle()).find(({ type }) => type === 'message')?.files[0];
    expect(bare).toMatchObject({ name: 'b.txt', mimetype: '' });
    expect(bare).not.toHaveProperty('url_private');
  });

  test('the hourly limit: then app_rate_limited, and events are lost', async () => {
    const { slack, settle } = await appOn({ eventsPerHour: 2 });
    for (const text of ['1', '2', '3', '4']) slack.as('anna').post('general', text);
    const received = await settle();
    expect(received.map(({ payload }) => payload.event?.text ?? payload.type)).toEqual([
      '1',
      '2',
      'app_rate_limited',
    ]);
    expect(received[2]?.payload).not.toHaveProperty('event');
  });
});

test('events that were not acknowledged are sent again after a restart', async () => {
  const dir = await tempDir();
  const before: SandboxSlack = await freshSlack({ dir, retryDelaysMs: [600_000] });
  before.as('anna').post('general', 'kept');
  await eventually(() => before.deliveries.list[0]?.attempts.length === 1);
  await before.close();
  const { slack, settle } = await appOn({ dir, retryDelaysMs: [50, 50, 50] });
  await slack.deliveries.settled();
  expect(events(await settle()).map(({ text }) => text)).toEqual(['kept']);
});
