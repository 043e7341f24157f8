/** Messages over the Web API: posted, read back, changed, refused. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_APP } from '../../../sandbox/slack/server.ts';
import { freshSlack, refusal, webClient } from './start.ts';

describe('messages', () => {
  test('posted, threaded, broadcast, edited, deleted', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const { ts: parent = '' } = await web.chat.postMessage({ channel, text: 'parent' });
    const reply = await web.chat.postMessage({ channel, text: 'reply', thread_ts: parent });
    await web.chat.postMessage({ channel, text: 'loud', thread_ts: parent, reply_broadcast: true });
    const history = await web.conversations.history({ channel });
    expect(history.messages?.map(({ text }) => text)).toEqual(['loud', 'parent']);
    expect(history.messages?.[1]).toMatchObject({ reply_count: 2, thread_ts: parent });
    expect(history.messages?.[0]).toMatchObject({ subtype: 'thread_broadcast', thread_ts: parent });
    const replies = await web.conversations.replies({ channel, ts: parent });
    expect(replies.messages?.map(({ text }) => text)).toEqual(['parent', 'reply', 'loud']);
    await web.chat.update({ channel, ts: reply.ts ?? '', text: 'better' });
    const { messages } = await web.conversations.replies({ channel, ts: parent });
    expect(messages?.[1]).toMatchObject({ text: 'better', edited: { user: slack.workspace.botUserId } });
    await web.chat.delete({ channel, ts: reply.ts ?? '' });
    const again = await web.chat.delete({ channel, ts: reply.ts ?? '' }).catch((error) => error.data.error);
    expect(again).toBe('message_not_found');
    expect(await refusal(web.conversations.replies({ channel, ts: '1.000000' }))).toBe('thread_not_found');
  });

  test.each([
    ['general', 'channel_join'],
    ['finance', 'group_join'],
  ])('the line that somebody joined #%s has no thread', async (name, subtype) => {
    const slack = await freshSlack();
    const channel = slack.workspace.channels[name] ?? '';
    slack.as('carla').leave(name);
    await slack.as('anna').command(name, '/invite @carla');
    const web = webClient(slack);
    const line = (await web.conversations.history({ channel })).messages?.find(
      (one) => one.subtype === subtype,
    );
    expect(line).toBeDefined();
    const ts = line?.ts ?? '';
    expect(await refusal(web.conversations.replies({ channel, ts }))).toBe('thread_not_found');
    const reply = web.chat.postMessage({ channel, thread_ts: ts, text: 'welcome' });
    expect(await refusal(reply)).toBe('cannot_reply_to_message');
  });

  test('a reply to a deleted message stands at the top of the channel, and its answer has no thread_ts', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const anna = slack.as('anna');
    const thread_ts = anna.post('general', 'gone soon');
    anna.remove('general', thread_ts);
    const answer = await web.chat.postMessage({ channel, thread_ts, text: 'orphan', reply_broadcast: true });
    expect(answer.message).toMatchObject({ text: 'orphan' });
    expect(answer.message).not.toHaveProperty('thread_ts');
    expect((await web.conversations.history({ channel })).messages).toMatchObject([{ text: 'orphan' }]);
    expect(await refusal(web.conversations.replies({ channel, ts: thread_ts }))).toBe('thread_not_found');
    // The app can take its own message back.
    await web.chat.delete({ channel, ts: answer.ts ?? '' });
    expect((await web.conversations.history({ channel })).messages).toEqual([]);
  });

  test('an app without a Messages tab has no direct messages', async () => {
    const app = structuredClone(DEFAULT_APP);
    const tab = (messages_tab_enabled: boolean) => ({ home_tab_enabled: true, messages_tab_enabled });
    app.manifest.features = { ...app.manifest.features, app_home: tab(false) };
    const slack = await freshSlack({ app });
    const { anna = '' } = slack.workspace.people;
    const post = webClient(slack).chat.postMessage({ channel: anna, text: 'hello' });
    expect(await refusal(post)).toBe('messages_tab_disabled');
    const { anna: dm = '' } = slack.workspace.dms;
    expect(() => slack.as('anna').post(dm, 'hello')).toThrow('messages_tab_disabled');
  });

  test('metadata comes back only when asked for', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const metadata = { event_type: 'vault_notice', event_payload: { ids: 'a,b' } };
    await web.chat.postMessage({ channel, text: 'x', metadata });
    const without = await web.conversations.history({ channel });
    expect(without.messages?.[0]).not.toHaveProperty('metadata');
    const with_ = await web.conversations.history({ channel, include_all_metadata: true });
    expect(with_.messages?.[0]?.metadata).toEqual(metadata);
    const bad = web.chat.postMessage({ channel, text: 'x', metadata: { event_type: 'a' } as never });
    expect(await refusal(bad)).toBe('invalid_metadata_format');
  });

  test('history by time and by pages, newest first', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const anna = slack.as('anna');
    const stamps = ['1', '2', '3', '4', '5'].map((text) => anna.post('general', text));
    const texts = async (extra: Record<string, unknown>) =>
      (await web.conversations.history({ channel, ...extra })).messages?.map(({ text }) => text);
    expect(await texts({ oldest: stamps[1], latest: stamps[3] })).toEqual(['3']);
    expect(await texts({ oldest: stamps[1], latest: stamps[3], inclusive: true })).toEqual(['4', '3', '2']);
    const page = await web.conversations.history({ channel, limit: 2 });
    expect(page.has_more).toBe(true);
    const cursor = page.response_metadata?.next_cursor ?? '';
    expect(await texts({ limit: 2, cursor })).toEqual(['3', '2']);
    anna.remove('general', stamps[2] ?? '');
    expect(await texts({ limit: 2, cursor })).toEqual(['2', '1']);
    expect(await texts({ oldest: '9999999999' })).toEqual([]);
    expect(await refusal(web.conversations.history({ channel, oldest: 'yesterday' }))).toBe(
      'invalid_ts_oldest',
    );
  });

  test('what is refused', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const theirs = slack.as('anna').post('general', 'mine');
    const post = (extra: object) => refusal(web.chat.postMessage({ channel, ...extra } as never));
    expect(await post({})).toBe('no_text');
    expect(await post({ text: 'x', blocks: 'nonsense' })).toBe('invalid_blocks_format');
    expect(await post({ text: 'x', blocks: [{ type: 'nonsense' }] })).toBe('invalid_blocks');
    expect(await post({ text: 'x', thread_ts: 'nonsense' })).toBe('invalid_arguments');
    expect(await post({ text: 'x', channel: 'C000' })).toBe('channel_not_found');
    expect(await refusal(web.chat.update({ channel, ts: theirs, text: 'x' }))).toBe('cant_update_message');
    expect(await refusal(web.chat.delete({ channel, ts: theirs }))).toBe('cant_delete_message');
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'x' });
    expect(await refusal(web.chat.update({ channel, ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
    slack.archiveChannel('general');
    expect(await post({ text: 'x' })).toBe('is_archived');
  });

  test('invalid_blocks says where and what', async () => {
    const slack = await freshSlack();
    const call = webClient(slack).chat.postMessage({
      channel: slack.workspace.channels.general ?? '',
      text: 'x',
      blocks: [{ type: 'section', text: { type: 'plain_text', text: '' } }],
    });
    const error = await call.catch((caught) => caught);
    expect(error.data.response_metadata.messages).toEqual([
      '[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ]);
  });

  test('text over 40,000 characters is cut, with a warning', async () => {
    const slack = await freshSlack();
    const channel = slack.workspace.channels.general ?? '';
    const answer = await webClient(slack).chat.postMessage({ channel, text: 'x'.repeat(40_001) });
    expect(answer.message?.text).toHaveLength(40_000);
    expect(answer.warning).toBe('message_truncated');
  });

  test('an ephemeral message is for one person, not in the history, and cannot be updated', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.design ?? '';
    const { anna = '', gus = '' } = slack.workspace.people;
    const { message_ts = '' } = await web.chat.postEphemeral({ channel, user: anna, text: 'psst' });
    expect(slack.as('anna').messages('design')).toMatchObject([{ text: 'psst', ephemeral: true }]);
    expect(slack.as('ben').messages('design')).toEqual([]);
    expect((await web.conversations.history({ channel })).messages).toEqual([]);
    expect(await refusal(web.chat.update({ channel, ts: message_ts, text: 'x' }))).toBe('message_not_found');
    expect(await refusal(web.chat.postEphemeral({ channel, user: gus, text: 'x' }))).toBe(
      'user_not_in_channel',
    );
  });

  test('a person can be written to directly', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const { anna = '' } = slack.workspace.people;
    const { channel } = await web.conversations.open({ users: anna });
    expect(channel?.id).toBe(slack.workspace.dms.anna);
    expect((await web.chat.postMessage({ channel: anna, text: 'hello' })).channel).toBe(channel?.id);
    expect(slack.as('anna').messages(channel?.id ?? '')).toMatchObject([{ text: 'hello' }]);
    expect(() => slack.as('ben').messages(channel?.id ?? '')).toThrow('channel_not_found');
  });

  test('a permalink', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const ts = slack.as('anna').post('general', 'x');
    const { permalink } = await web.chat.getPermalink({ channel, message_ts: ts });
    expect(permalink).toBe(`${slack.url}/archives/${channel}/p${ts.replace('.', '')}`);
    expect(await refusal(web.chat.getPermalink({ channel, message_ts: '1.000000' }))).toBe(
      'message_not_found',
    );
  });

  test('reactions', async () => {
    const slack = await freshSlack();
    const web = webClient(slack);
    const channel = slack.workspace.channels.general ?? '';
    const timestamp = slack.as('anna').post('general', 'x');
    const mark = { channel, timestamp, name: 'white_check_mark' };
    await web.reactions.add(mark);
    expect(await refusal(web.reactions.add(mark))).toBe('already_reacted');
    const { message } = await web.reactions.get({ channel, timestamp });
    expect(message?.reactions).toEqual([
      { name: 'white_check_mark', users: [slack.workspace.botUserId], count: 1 },
    ]);
    await web.reactions.remove(mark);
    expect(await refusal(web.reactions.remove(mark))).toBe('no_reaction');
    expect(await refusal(web.reactions.add({ ...mark, name: 'No Such' }))).toBe('invalid_name');
    expect(await refusal(web.reactions.add({ ...mark, timestamp: '1.000000' }))).toBe('message_not_found');
  });
});
