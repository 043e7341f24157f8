import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as slack from '../helpers/slack-payloads.ts';
import { type Bot, startVault, type TestVault, until } from '../helpers/vault.ts';

/** Stories in Slack's own payloads, told by hand over signed HTTP, in one order and in the other. */
describe('what is taken back in Slack', () => {
  let vault: TestVault;
  let bot: Bot;
  let general: string;
  let random: string;
  let anna: string;
  beforeAll(async () => {
    vault = await startVault({ mode: 'http' });
    bot = await vault.startBot();
    general = vault.slack.workspace.channels.general as string;
    random = vault.slack.workspace.channels.random as string;
    anna = vault.slack.workspace.people.anna as string;
  });
  afterAll(() => vault.close());

  let made = 0;
  function story() {
    made += 1;
    const id = `F0TAKEN${made}`;
    const object = slack.fileObject(vault, { id, name: `taken-${made}.txt`, size: 3, user: anna });
    const at = (second: number) => `${1_795_430_000 + made * 1_000 + second}.000100`;
    const message = (channel: string, second: number) => ({
      channel,
      user: anna,
      ts: at(second),
      files: [object],
    });
    return { id, object, at, message };
  }
  const tell = async (...events: slack.Payload[]) => {
    for (const event of events)
      expect(await slack.deliver(vault, bot, slack.envelope(vault, event))).toBe(200);
  };
  function openIn(id: string): string[] {
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
    try {
      const rows = database
        .prepare(
          "select channel_id from channel_file where file_id = ? and channel_id not like '!%' order by channel_id",
        )
        .all(id) as Array<{ channel_id: string }>;
      return rows.map((row) => row.channel_id);
    } finally {
      database.close();
    }
  }
  const unshared = (id: string, channel: string, ts: string): slack.Payload => ({
    type: 'file_unshared',
    file_id: id,
    user_id: anna,
    file: { id },
    channel_id: channel,
    event_ts: ts,
  });
  const orders = (n: number): number[][] =>
    n === 2
      ? [
          [0, 1],
          [1, 0],
        ]
      : [
          [0, 1, 2],
          [0, 2, 1],
          [1, 0, 2],
          [1, 2, 0],
          [2, 0, 1],
          [2, 1, 0],
        ];

  it.each(orders(3))('a re-share that is deleted closes, in the order %i %i %i', async (...order) => {
    const { id, message } = story();
    await tell(slack.fileShare(message(general, 1)));
    const again = message(random, 50);
    const told = [
      slack.fileShare(again),
      slack.messageDeleted(again),
      unshared(id, random, slack.later(again.ts)),
    ];
    for (const i of order) await tell(told[i] as slack.Payload);
    expect(openIn(id)).toEqual([general]);
    await tell(slack.fileShare(message(random, 90)));
    expect(openIn(id)).toEqual([general, random].sort());
  });

  it('a file that is edited out closes, and opens when it is edited back', async () => {
    const { id, object, message } = story();
    const sent = message(general, 1);
    await tell(slack.fileShare(sent), slack.messageChanged(sent, []));
    expect(openIn(id)).toEqual([]);
    await tell(slack.messageChanged({ ...sent, files: [] }, [object]));
    expect(openIn(id)).toEqual([general]);
  });

  it.each(orders(2))('what Slack deleted stays open, in the order %i %i', async (...order) => {
    for (const gone of [
      (sent: slack.PayloadMessage) => slack.messageDeleted(sent),
      (sent: slack.PayloadMessage) =>
        slack.messageChanged(sent, [slack.tombstone(sent.files.map(idOf)[0] as string)]),
      (sent: slack.PayloadMessage) => slack.messageChanged(sent, []),
    ]) {
      const { id, message } = story();
      const sent = message(general, 1);
      await tell(slack.fileShare(sent));
      const told = [gone(sent), slack.fileDeleted(id, [general], slack.later(sent.ts))];
      for (const i of order) await tell(told[i] as slack.Payload);
      expect(openIn(id)).toEqual([general]);
    }
  });

  it('a message that is deleted when its file was a tombstone already takes nothing back', async () => {
    const { id, message } = story();
    const sent = message(general, 1);
    await tell(slack.fileShare(sent), slack.messageDeleted({ ...sent, files: [slack.tombstone(id)] }));
    expect(openIn(id)).toEqual([general]);
  });

  it('the parent of a thread, which leaves a tombstone, and a deletion without a word of what it was', async () => {
    for (const bare of [false, true]) {
      const { id, message } = story();
      const sent = message(general, 1);
      const { previous_message: _, ...deleted } = slack.messageDeleted(sent);
      const changed = slack.messageChanged(sent, []);
      const parent = {
        ...changed,
        message: {
          type: 'message',
          subtype: 'tombstone',
          user: 'USLACKBOT',
          hidden: true,
          ts: sent.ts,
          thread_ts: sent.ts,
        },
      };
      await tell(slack.fileShare(sent), bare ? deleted : parent);
      expect(openIn(id)).toEqual([]);
    }
  });

  it('a person deletes a message: the list says so within a second', async () => {
    const { ts, files } = await vault.slack
      .as('anna')
      .share('general', { name: 'oops.txt', content: 'oops' });
    const [id] = files as [string];
    await until('the file', () => openIn(id).length === 1);
    vault.slack.as('anna').remove('general', ts);
    await until('it is closed', () => openIn(id).length === 0, 1_000);
  });
});

const idOf = (file: unknown) => (file as { id: string }).id;
