import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Catalog } from '../../src/catalog/db/open.ts';
import { recordShares } from '../../src/catalog/files/shares.ts';
import { removeShare } from '../../src/catalog/files/unshare.ts';
import { claimDuePosts, nextPostDueAt } from '../../src/catalog/notices/notices.ts';
import { isOfFile } from '../../src/catalog/notices/rows.ts';
import { createLog } from '../../src/log.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { isOfPost, metadataOf } from '../../src/slack/post-metadata.ts';
import { confirm } from '../../src/vault/confirm.ts';
import { notices, post as samplePost } from '../blocks/samples.ts';
import { databases, empty } from '../catalog/databases.ts';
import { found, sampleFile, sampleShare, storeFile, T0, TEAM } from '../catalog/samples.ts';

const [sqlite] = databases;
const HOUR = 60 * 60_000;

type Answer = object | SlackApiError | ((args: Record<string, unknown>) => object | Promise<object>);

/** Slack's Web API with planned answers; the last one repeats. Any other call gets an empty answer. */
function slackWith(answers: Record<string, Answer[]>) {
  const calls: Array<{ method: string; args: Record<string, unknown> }> = [];
  const api = {
    async call(method: string, args: Record<string, unknown> = {}, { beforeSend } = {} as never) {
      await (beforeSend as undefined | (() => Promise<void>))?.();
      calls.push({ method, args });
      const planned = answers[method] ?? [{}];
      const answer = (planned.length > 1 ? planned.shift() : planned[0]) as Answer;
      if (answer instanceof SlackApiError) throw answer;
      return typeof answer === 'function' ? answer(args) : answer;
    },
    async close() {},
  } as SlackApi;
  return { api, calls, methods: () => calls.map(({ method }) => method) };
}

const no = (method: string, code: string, about = {}) => new SlackApiError(method, code, about);

describe('telling a channel', () => {
  let catalog: Catalog;
  let now = T0;
  beforeAll(async () => {
    catalog = await (sqlite as (typeof databases)[number]).fresh();
  });
  afterEach(() => empty(catalog));
  afterAll(() => catalog.close());

  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const render = () => ({ text: 'words', blocks: [{ type: 'divider' }] });
  const claim = async () => {
    const due = await nextPostDueAt(catalog);
    if (due === null) return undefined;
    now = Math.max(now, due);
    const [post] = await claimDuePosts(catalog, { owner: 'w', limit: 1, leaseMs: 60_000, now });
    return post;
  };
  const tellOnce = async (api: SlackApi) => {
    const post = await claim();
    if (post === undefined) return false;
    await confirm({ catalog, api, owner: 'w', render, reaction: 'file_cabinet', log, now: () => now }, post);
    return true;
  };
  const rows = () => catalog.db.selectFrom('post').selectAll().execute();
  async function stored(
    fileId: string,
    confirmMode: 'thread' | 'reaction' | 'digest' = 'thread',
    ts = '10.1',
  ) {
    now = T0;
    const share = sampleShare('C1', T0, { ts });
    await recordShares(catalog, TEAM, [{ file: sampleFile(fileId), share }], T0);
    await storeFile(catalog, fileId, { confirm: confirmMode, now: T0 });
  }

  test('a reply that Slack puts at the top of the channel is deleted at once, and the thread left alone', async () => {
    await stored('F1');
    const slack = slackWith({ 'chat.postMessage': [{ ts: '11.1', message: { text: 'words' } }] });
    await tellOnce(slack.api);
    expect(slack.methods()).toEqual(['chat.postMessage', 'chat.delete']);
    expect(slack.calls[1]?.args).toEqual({ channel: 'C1', ts: '11.1' });
    expect(await rows()).toMatchObject([{ droppedCode: 'unthreaded', dueAt: null }]);
    // Later posts for this thread are not tried.
    await recordShares(
      catalog,
      TEAM,
      [{ file: sampleFile('F2'), share: sampleShare('C1', T0, { ts: '10.1' }) }],
      T0,
    );
    await storeFile(catalog, 'F2', { confirm: 'thread', now: T0 + 5 });
    await tellOnce(slack.api);
    expect(slack.calls).toHaveLength(2);
    expect(await nextPostDueAt(catalog)).toBeNull();
  });

  test('killed between post and delete: found at the top of the channel, and deleted', async () => {
    await stored('F1');
    let metadata: unknown;
    const slack = slackWith({
      'chat.postMessage': [
        (args) => {
          metadata = args.metadata;
          return { ts: '11.1', message: {} };
        },
      ],
      'chat.delete': [no('chat.delete', 'unreachable', { temporary: true, uncertain: true }), {}],
      'conversations.replies': [no('conversations.replies', 'thread_not_found')],
      'conversations.history': [() => ({ messages: [{ ts: '11.1', thread_ts: '11.1', metadata }] })],
    });
    await tellOnce(slack.api);
    expect(await rows()).toMatchObject([{ droppedCode: null, sentAt: expect.any(Number) }]);
    while (await tellOnce(slack.api));
    expect(slack.methods()).toEqual([
      ...['chat.postMessage', 'chat.delete'],
      ...['conversations.replies', 'conversations.history', 'chat.delete'],
    ]);
    expect(await rows()).toMatchObject([{ droppedCode: 'unthreaded' }]);
  });

  test('a lost answer is looked for in the thread, and the message edited', async () => {
    await stored('F1');
    let metadata: unknown;
    const slack = slackWith({
      'chat.postMessage': [
        (args) => {
          metadata = args.metadata;
          throw no('chat.postMessage', 'unreachable', { temporary: true, uncertain: true });
        },
      ],
      'conversations.replies': [() => ({ messages: [{ ts: '11.1', thread_ts: '10.1', metadata }] })],
    });
    while (await tellOnce(slack.api));
    expect(slack.methods()).toEqual(['chat.postMessage', 'conversations.replies', 'chat.update']);
    expect(await rows()).toMatchObject([{ ts: '11.1', droppedCode: null }]);
  });

  test.each([
    ...[
      'cannot_reply_to_message',
      'ekm_access_denied',
      'messages_tab_disabled',
      'is_inactive',
      'metadata_too_large',
    ],
    ...[
      'app_access_restricted',
      'team_access_not_granted',
      'restricted_action_thread_locked',
      'no_permission',
    ],
    ...['restricted_action_some_new_kind', 'channel_type_not_supported', 'msg_too_long'],
  ])('%s ends it for good, without a search', async (code) => {
    await stored('F1');
    const slack = slackWith({ 'chat.postMessage': [no('chat.postMessage', code)] });
    while (await tellOnce(slack.api));
    expect(slack.methods()).toEqual(['chat.postMessage']);
    expect(await rows()).toMatchObject([{ droppedCode: code, sentAt: null }]);
  });

  test.each(['rate_limited', 'message_limit_exceeded', 'external_channel_migrating', 'org_login_required'])(
    '%s waits, and no thread is searched, because nothing was sent',
    async (code) => {
      await stored('F1');
      const refused = no('chat.postMessage', code, { temporary: true });
      const slack = slackWith({
        'chat.postMessage': [refused, refused, { ts: '11.1', message: { thread_ts: '10.1' } }],
      });
      await tellOnce(slack.api);
      expect(await rows()).toMatchObject([{ sentAt: null, droppedCode: null }]);
      while (await tellOnce(slack.api));
      expect(slack.methods()).toEqual(['chat.postMessage', 'chat.postMessage', 'chat.postMessage']);
      expect(await rows()).toMatchObject([{ ts: '11.1' }]);
    },
  );

  test('an internal error of Slack may hide a message that was posted: it is searched for', async () => {
    await stored('F1');
    const failed = no('chat.postMessage', 'fatal_error', { temporary: true });
    const slack = slackWith({ 'chat.postMessage': [failed, { ts: '11.1', message: { thread_ts: '10.1' } }] });
    while (await tellOnce(slack.api));
    expect(slack.methods()).toEqual([
      'chat.postMessage',
      'conversations.replies',
      'conversations.history',
      'chat.postMessage',
    ]);
  });

  test('a post with an unknown outcome is tried less and less often, and given up after a day', async () => {
    await stored('F1');
    const slack = slackWith({ 'chat.postMessage': [no('chat.postMessage', 'brand_new_error')] });
    const moments: number[] = [];
    while (await tellOnce(slack.api)) moments.push(now);
    const waits = moments.slice(1).map((moment, i) => moment - (moments[i] as number));
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.25 * HOUR);
    expect(Math.max(...waits)).toBeGreaterThan(HOUR / 2);
    expect(now - T0).toBeGreaterThan(24 * HOUR - 1);
    expect(moments.length).toBeLessThan(60);
    expect(await rows()).toMatchObject([{ droppedCode: 'brand_new_error' }]);
    expect(lines.at(-1)).toContain('brand_new_error');
  });

  test.each(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long'])(
    '%s: sent once more as plain text, then given up',
    async (code) => {
      await stored('F1');
      const refused = no('chat.postMessage', code);
      const well = slackWith({
        'chat.postMessage': [refused, { ts: '11.1', message: { thread_ts: '10.1' } }],
      });
      await tellOnce(well.api);
      expect(well.calls.map(({ args }) => args.blocks)).toEqual([[{ type: 'divider' }], []]);
      expect(await rows()).toMatchObject([{ ts: '11.1' }]);
      await stored('F2', 'thread', '20.1');
      const ill = slackWith({ 'chat.postMessage': [refused] });
      while (await tellOnce(ill.api));
      expect(ill.calls).toHaveLength(2);
      expect((await rows()).at(-1)).toMatchObject({ droppedCode: code });
    },
  );

  test.each(['removed', 'deleted in Slack'])(
    'a file that was %s meanwhile is named to nobody',
    async (how) => {
      await stored('F1');
      await stored('F2');
      if (how === 'removed')
        await removeShare(catalog, TEAM, { channelId: 'C1', ts: '10.1', fileId: 'F1' }, T0);
      else
        await catalog.db.updateTable('file').set({ slackDeletedAt: T0 }).where('fileId', '=', 'F1').execute();
      const told: string[][] = [];
      const slack = slackWith({ 'chat.postMessage': [{ ts: '11.1', message: { thread_ts: '10.1' } }] });
      const post = await claim();
      if (post === undefined) throw new Error('no post');
      const draw: Parameters<typeof confirm>[0]['render'] = (shown) => {
        told.push(shown.notices.filter(isOfFile).map(({ fileId }) => fileId));
        return render();
      };
      await confirm(
        { catalog, api: slack.api, owner: 'w', render: draw, reaction: 'file_cabinet', log, now: () => now },
        post,
      );
      expect(told).toEqual([['F2']]);
    },
  );

  test('a message taken back while the call waits for its turn is not sent', async () => {
    await stored('F1');
    const slack = slackWith({});
    const call = slack.api.call.bind(slack.api);
    slack.api.call = (async (method: string, args: never, options: never) => {
      await removeShare(catalog, TEAM, { channelId: 'C1', ts: '10.1' }, T0);
      return call(method, args, options);
    }) as never;
    while (await tellOnce(slack.api));
    expect(slack.calls).toEqual([]);
    expect(await rows()).toMatchObject([{ droppedCode: 'taken_back' }]);
  });

  test('nobody is told of silent shares and files without a message, but a digest may list the latter', async () => {
    const silent = sampleShare('C1', T0, { ts: '10.1', silent: true });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F1'), share: silent }], T0);
    await storeFile(catalog, 'F1', { confirm: 'thread' });
    const nowhere = sampleShare('C1', T0, { ts: null });
    await recordShares(catalog, TEAM, [{ file: sampleFile('F2'), share: nowhere }], T0);
    await storeFile(catalog, 'F2', { confirm: 'thread' });
    const slack = slackWith({ 'chat.postMessage': [{ ts: '11.1', message: {} }] });
    while (await tellOnce(slack.api));
    expect(slack.calls).toEqual([]);
    await recordShares(catalog, TEAM, [{ file: sampleFile('F3'), share: nowhere }], T0);
    await storeFile(catalog, 'F3', { confirm: 'digest' });
    while (await tellOnce(slack.api));
    expect(slack.methods()).toEqual(['chat.postMessage']);
  });

  test('the reaction is put on a message when the last of its files is stored, not before', async () => {
    const both = [found('F1', 'C1', T0), found('F2', 'C1', T0)];
    await recordShares(catalog, TEAM, both, T0);
    const slack = slackWith({});
    await storeFile(catalog, 'F1', { confirm: 'reaction' });
    while (await tellOnce(slack.api));
    expect(slack.calls).toEqual([]);
    await storeFile(catalog, 'F2', { confirm: 'reaction', now: T0 + 20 * 60_000 });
    while (await tellOnce(slack.api));
    const ts = both[0]?.share.ts;
    expect(slack.calls).toMatchObject([
      { method: 'reactions.add', args: { channel: 'C1', timestamp: ts, name: 'file_cabinet' } },
      // What the sign means is told in the thread of the first one.
      { method: 'chat.postMessage', args: { channel: 'C1', thread_ts: ts } },
    ]);
    await stored('F3', 'reaction', '99.1');
    while (await tellOnce(slack.api));
    expect(slack.methods().slice(2)).toEqual(['reactions.add']);
  });

  test('an emoji that the workspace lacks is replaced by one that every workspace has, and the log says so', async () => {
    await stored('F1', 'reaction');
    const slack = slackWith({ 'reactions.add': [no('reactions.add', 'invalid_name'), {}] });
    const post = await claim();
    if (post === undefined) throw new Error('nothing is due');
    const options = { catalog, api: slack.api, owner: 'w', render, log, now: () => now };
    await confirm({ ...options, reaction: 'our_own' }, post);
    expect(slack.calls.map(({ args }) => args.name)).toEqual(['our_own', 'file_cabinet']);
    expect(lines.at(-1)).toContain('VAULT_REACTION');
    expect((await rows()).find(({ manner }) => manner === 'reaction')).toMatchObject({
      droppedCode: null,
      dueAt: null,
    });
  });

  test('a message with a file that is not kept is never marked as done', async () => {
    const skipped = { ...found('F2', 'C1', T0), skip: 'external' as const };
    await recordShares(catalog, TEAM, [found('F1', 'C1', T0), skipped], T0, 'reaction');
    await storeFile(catalog, 'F1', { confirm: 'reaction' });
    const slack = slackWith({
      'chat.postMessage': [(args) => ({ ts: '9.9', message: { thread_ts: args.thread_ts } })],
    });
    while (await tellOnce(slack.api));
    // Only the small line in the thread.
    expect(slack.methods()).toEqual(['chat.postMessage']);
  });

  test.each([
    ...[
      'too_many_emoji',
      'too_many_reactions',
      'not_reactable',
      'no_access',
      'bad_timestamp',
      'invalid_name',
    ],
    ...['no_item_specified', 'thread_locked', 'message_not_found', 'ekm_access_denied'],
  ])('a reaction refused with %s is given up', async (code) => {
    await stored('F1', 'reaction');
    const slack = slackWith({ 'reactions.add': [no('reactions.add', code)] });
    while (await tellOnce(slack.api));
    expect(slack.calls).toHaveLength(1);
    expect(await rows()).toMatchObject([{ droppedCode: code }]);
  });
});

describe('the metadata of a message', () => {
  test('has a bound, and tells the message of a post, also one of an older version', () => {
    const many = samplePost(notices(5_000));
    const metadata = metadataOf(many);
    expect(JSON.stringify(metadata).length).toBeLessThan(700);
    expect(isOfPost(metadata, many)).toBe(true);
    // More files came since it was sent.
    expect(isOfPost(metadata, samplePost(notices(5_100)))).toBe(true);
    expect(isOfPost(metadata, samplePost(notices(4_000)))).toBe(false);
    expect(isOfPost(metadata, samplePost(notices(5_000), { id: 8 }))).toBe(false);
    const old = { event_type: 'ria_vault_post', event_payload: { post: 7, notices: '1,2,3' } };
    expect(isOfPost(old, many)).toBe(true);
    expect(isOfPost(old, samplePost(notices(2)))).toBe(false);
    expect(isOfPost(undefined, many)).toBe(false);
  });
});
