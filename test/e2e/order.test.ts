import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as slack from '../helpers/slack-payloads.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const CONTENT = randomBytes(3_000);

// Slack promises no order, and tells everything in its own words: each story is told by hand, over signed HTTP.
describe('whatever order Slack tells things in', () => {
  let vault: TestVault;
  let bot: Bot;
  let general: string;
  let anna: string;
  beforeAll(async () => {
    vault = await startVault({ mode: 'http' });
    bot = await vault.startBot();
    general = vault.slack.workspace.channels.general as string;
    anna = vault.slack.workspace.people.anna as string;
  });
  afterAll(() => vault.close());

  const tell = async (...events: slack.Payload[]) => {
    for (const event of events)
      expect(await slack.deliver(vault, bot, slack.envelope(vault, event))).toBe(200);
  };

  /** A file in Slack, in a message whose events are kept back for the test to tell. */
  async function shared(name = 'order.bin', channel = 'general') {
    const { ts, files } = await quietly(() =>
      vault.slack.as('anna').share(channel, { name, content: CONTENT }),
    );
    const id = files[0] as string;
    const object = slack.fileObject(vault, { id, name, size: CONTENT.length, user: anna });
    const message = {
      channel: vault.slack.workspace.channels[channel] as string,
      user: anna,
      ts,
      files: [object] as unknown[],
    };
    return { id, object, message };
  }

  async function quietly<T>(act: () => T | Promise<T>): Promise<T> {
    const kept = vault.slack.faults.event('*', { kind: 'drop' });
    try {
      return await act();
    } finally {
      kept.remove();
    }
  }

  function read<T>(query: string, ...values: string[]): T[] {
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
    try {
      return database.prepare(query).all(...values) as T[];
    } finally {
      database.close();
    }
  }

  const fileOf = (id: string) =>
    read<{ state: string; reason: string | null; name: string | null; slack_deleted_at: number | null }>(
      'select state, reason, name, slack_deleted_at from file where file_id = ?',
      id,
    )[0];
  const sharesOf = (id: string) =>
    read<{ channel_id: string; ts: string; removed: number }>(
      'select channel_id, ts, removed_at is not null as removed from share where file_id = ? order by ts',
      id,
    );
  const objectsOf = async (id: string) =>
    (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes(`/${id}/`));

  async function isStored(id: string): Promise<void> {
    await until(`${id} stored`, () => fileOf(id)?.state === 'stored');
    const objects = await objectsOf(id);
    expect(objects).toHaveLength(1);
    expect((await vault.s3.read(BUCKET, objects[0]?.key as string)).equals(CONTENT)).toBe(true);
  }

  it('a deletion that comes before its file: recorded as deleted, nothing half-stored', async () => {
    const { id, message } = await shared();
    await quietly(() => vault.slack.as('anna').removeFile(id));
    await tell(slack.fileDeleted(id, [general], slack.later(message.ts)), slack.fileShare(message));
    await until('the record', () => fileOf(id)?.state === 'skipped');
    expect(fileOf(id)).toMatchObject({ reason: 'deleted_in_slack', slack_deleted_at: expect.any(Number) });
    expect(await objectsOf(id)).toEqual([]);
  });

  it('a deletion that comes before its file, while Slack still has the bytes: stored, and marked', async () => {
    const { id, message } = await shared();
    await tell(slack.fileDeleted(id, [general], slack.later(message.ts)), slack.fileShare(message));
    await isStored(id);
    expect(fileOf(id)?.slack_deleted_at).not.toBeNull();
  });

  it('a message deleted before it was told of: stored all the same', async () => {
    const { id, message } = await shared();
    await tell(slack.messageDeleted(message), slack.fileShare(message));
    await isStored(id);
  });

  it.each([
    ['a tombstone', slack.tombstone],
    ['hidden_by_limit', slack.hiddenByLimit],
    ['a stub', slack.checkFileInfo],
  ])('%s after a good record changes nothing of it', async (_, form) => {
    const { id, message } = await shared('good.bin');
    await tell(slack.fileShare(message));
    await isStored(id);
    await tell(slack.messageChanged(message, [form(id)]), slack.fileShare({ ...message, files: [form(id)] }));
    await isStored(id);
    expect(fileOf(id)).toMatchObject({ name: 'good.bin', reason: null });
  });

  it('a tombstone before its good record gives way to it', async () => {
    const { id, message } = await shared('late.bin');
    await tell(slack.fileShare({ ...message, files: [slack.tombstone(id)] }), slack.fileShare(message));
    await isStored(id);
    expect(fileOf(id)?.name).toBe('late.bin');
  });

  it('a stub of Slack Connect is looked up', async () => {
    const { id, message } = await shared('connect.bin');
    await tell(slack.fileShare({ ...message, files: [slack.checkFileInfo(id)] }));
    await isStored(id);
    expect(fileOf(id)?.name).toBe('connect.bin');
  });

  it('an edit that adds a file, told before the message itself; one that takes a file out keeps it', async () => {
    const first = await shared('first.bin');
    const second = await shared('second.bin');
    const both = [first.object, second.object];
    await tell(slack.messageChanged(first.message, both), slack.fileShare(first.message));
    await isStored(first.id);
    await isStored(second.id);
    await tell(slack.messageChanged({ ...first.message, files: both }, [first.object]));
    await isStored(second.id);
    expect(sharesOf(second.id)).toContainEqual({ channel_id: general, ts: first.message.ts, removed: 1 });
    expect(sharesOf(first.id)).toContainEqual({ channel_id: general, ts: first.message.ts, removed: 0 });
  });

  it('file_shared before, after and instead of its message: one file, one share', async () => {
    const { id, message } = await shared();
    const safety = slack.fileShared(id, anna, general, message.ts);
    await tell(safety, safety, slack.fileShare(message), safety, slack.fileShare(message));
    await isStored(id);
    expect(sharesOf(id)).toEqual([{ channel_id: general, ts: message.ts, removed: 0 }]);
    const alone = await shared();
    await tell(slack.fileShared(alone.id, anna, general, alone.message.ts));
    await isStored(alone.id);
    expect(sharesOf(alone.id)).toEqual([{ channel_id: general, ts: alone.message.ts, removed: 0 }]);
  });

  it('the same file in many channels and threads: one object, one confirmation, every share', async () => {
    const { id, object, message } = await shared('everywhere.bin');
    const { channels } = vault.slack.workspace;
    const elsewhere = await Promise.all(
      ['design', 'finance'].map((name, index) =>
        quietly(() => vault.slack.as('anna').post(name, `again ${index}`, { file_ids: [id] })).then((ts) => ({
          ...message,
          ts,
          channel: channels[name] as string,
        })),
      ),
    );
    const broadcast = {
      ...slack.fileShare({ ...message, ts: slack.later(message.ts) }),
      subtype: 'thread_broadcast',
      thread_ts: message.ts,
      root: { ...slack.fileShare(message), reply_count: 1 },
    };
    const forwarded = {
      type: 'message',
      text: '',
      user: anna,
      ts: slack.later(slack.later(message.ts)),
      channel: general,
      channel_type: 'channel',
      attachments: [{ is_share: true, is_msg_unfurl: true, channel_id: general, files: [object] }],
    };
    await tell(slack.fileShare(message));
    await Promise.all([...elsewhere.map(slack.fileShare), broadcast, forwarded].map((event) => tell(event)));
    await isStored(id);
    expect(sharesOf(id)).toHaveLength(5);
    await until('the confirmation', () => confirmations('everywhere.bin').length > 0);
    await vault.slack.deliveries.settled();
    expect(confirmations('everywhere.bin')).toHaveLength(1);
  });

  const confirmations = (name: string) =>
    ['general', 'design', 'finance']
      .flatMap((channel) => vault.slack.as('anna').messages(channel))
      .filter(
        ({ user, blocks }) =>
          user === vault.slack.workspace.botUserId && JSON.stringify(blocks).includes(name),
      );

  it('a channel that gets a new id, told twice and before a file of the old one: its files follow, nothing is lost', async () => {
    const before = await shared('moved-1.bin', 'design');
    await tell(slack.fileShare(before.message));
    await isStored(before.id);
    const old = before.message.channel;
    const late = await shared('moved-2.bin', 'design');
    const now = await quietly(() => vault.slack.changeChannelId('design'));
    await tell(slack.channelIdChanged(old, now), slack.channelIdChanged(old, now));
    // Sent before the change, and late.
    await tell(slack.fileShare(late.message));
    await isStored(late.id);
    expect(sharesOf(before.id).map(({ channel_id }) => channel_id)).toEqual([now]);
    const list = await until('the list', async () => {
      await vault.slack.as('anna').command(now, '/vault list');
      return vault.slack
        .as('anna')
        .messages(now)
        .findLast((message) => message.ephemeral && JSON.stringify(message.blocks).includes('moved-1.bin'));
    });
    expect(JSON.stringify(list.blocks)).toContain('moved-1.bin');
  });

  it('what the bot shares itself is not captured', async () => {
    const { botUserId, botId } = vault.slack.workspace;
    const own = slack.fileObject(vault, { id: 'F0OWNUPLOAD', name: 'export.csv', size: 10, user: botUserId });
    const ts = '1795420100.000100';
    const said = {
      ...slack.fileShare({ channel: general, user: botUserId, ts, files: [own] }),
      bot_id: botId,
    };
    await tell(slack.fileShared('F0OWNUPLOAD', botUserId, general, ts), said);
    const { id, message } = await shared();
    await tell(slack.fileShare(message));
    await isStored(id);
    expect(fileOf('F0OWNUPLOAD')).toBeUndefined();
  });

  it('nothing of this was an error', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
