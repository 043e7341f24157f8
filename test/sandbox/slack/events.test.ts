/** Events: which ones there are, what they say, and who gets them. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { listeningApp, type Payload, type Received } from './receiver.ts';
import { fetchAsBot, fileInfo, webClient } from './start.ts';

const events = (received: Received[]) => received.map(({ payload }) => payload.event);
const kinds = (received: Received[]) =>
  events(received).map((event: Payload) => (event.subtype ? `${event.type}/${event.subtype}` : event.type));

function appWith(change: (manifest: (typeof DEFAULT_APP)['manifest']) => void) {
  const app = structuredClone(DEFAULT_APP);
  change(app.manifest);
  return app;
}

describe('the envelope', () => {
  test('is complete, and signed', async () => {
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
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

  test('a channel gets another id, and its messages and files move with it', async () => {
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await settle();
    slack.as('anna').renameFile(files[0] ?? '', { title: 'Better' });
    expect(events(await settle())).toEqual([
      { type: 'file_change', file_id: files[0], file: { id: files[0] } },
    ]);
  });

  test('app_home_opened, with the view once there is one', async () => {
    const { slack, settle } = await listeningApp();
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
    const { slack, settle } = await listeningApp();
    await slack.as('anna').share('random', { name: 'a.txt', content: 'a' });
    expect(kinds(await settle())).toEqual(['file_created']);
  });

  test('only what the manifest subscribes to and has the scope for', async () => {
    const unsubscribed = await listeningApp({
      app: appWith((manifest) => {
        manifest.settings = { ...manifest.settings, event_subscriptions: { bot_events: ['file_shared'] } };
      }),
    });
    await unsubscribed.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    expect(kinds(await unsubscribed.settle())).toEqual(['file_shared']);
    const unscoped = await listeningApp({
      app: appWith((manifest) => {
        manifest.oauth_config = { scopes: { bot: ['channels:history'] } };
      }),
    });
    const anna = unscoped.slack.as('anna');
    await anna.share('general', { name: 'a.txt', content: 'a' });
    anna.post('finance', 'numbers');
    expect(kinds(await unscoped.settle())).toEqual(['message/file_share']);
  });

  test('an optional scope that the app was given also counts for events and downloads', async () => {
    const { slack, settle } = await listeningApp({
      app: appWith((manifest) => {
        manifest.oauth_config = {
          scopes: { bot: ['channels:history'], bot_optional: ['files:read', 'commands'] },
        };
      }),
    });
    const { files } = await slack.as('anna').share('general', { name: 'a.txt', content: 'kept' });
    expect(kinds(await settle())).toContain('file_shared');
    const file = await fileInfo(slack, files[0] ?? '');
    expect(await (await fetchAsBot(slack, file.url_private_download)).text()).toBe('kept');
  });
});
