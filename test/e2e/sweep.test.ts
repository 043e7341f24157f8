import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

let vault: TestVault;
beforeEach(async () => {
  vault = await startVault();
});
afterEach(() => vault.close());

/** Rows of the bot's catalog, read beside it. */
function read(query: string, ...values: string[]): Record<string, unknown>[] {
  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
  try {
    return database.prepare(query).all(...values) as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

const keys = async () =>
  (await vault.s3.list(BUCKET)).map(({ key }) => key).filter((key) => /\/F\w+\//.test(key));
const file = (name: string) => ({ name, content: `bytes of ${name}` });
const said = (channel: string) =>
  vault.slack
    .as('carla')
    .messages(channel)
    .filter(({ user, ephemeral }) => user === vault.slack.workspace.botUserId && !ephemeral);
const confirmations = (channel: string, thread: string) =>
  said(channel).filter(({ thread_ts }) => thread_ts === thread);
const answers = (channel: string, person: string) =>
  vault.slack
    .as(person)
    .messages(channel)
    .filter(({ ephemeral }) => ephemeral);

/** Waits until `channels` channels have been swept and none is to be. */
const swept = (channels = 3) =>
  until('the end of all sweeps', () => {
    const rows = read(`select due_at, swept_at from sweep where channel_id like 'C%'`);
    return (
      rows.filter(({ swept_at }) => swept_at !== null).length >= channels &&
      rows.every((row) => row.due_at === null)
    );
  });

async function storedOnce(ids: string[]): Promise<void> {
  await until('every file', async () => {
    const all = await keys();
    return ids.every((id) => all.some((key) => key.includes(id)));
  });
  expect((await keys()).length).toBe(ids.length);
}

describe('a sweep', () => {
  it('after a start finds what was shared while the bot was down, wherever that was, and confirms it', async () => {
    const first = await vault.startBot();
    const anna = vault.slack.as('anna');
    // What was written before the bot knew of its channels would be kept without a word.
    await swept();
    const parent = anna.post('general', 'a thread');
    const edited = anna.post('design', 'to be edited');
    await first.kill();

    vault.slack.faults.event('*', { kind: 'drop' });
    const files = [
      ...(await anna.share('general', [file('one.txt'), file('two.txt')])).files,
      ...(await anna.share('general', file('reply.txt'), { thread_ts: parent })).files,
      ...(await anna.share('finance', file('private.txt'))).files,
      ...(await anna.share(vault.slack.workspace.dms.anna as string, file('direct.txt'))).files,
      await anna.upload(file('added.txt')),
    ];
    anna.edit('design', edited, 'edited', [files.at(-1) as string]);
    vault.slack.faults.clear();
    vault.slack.calls.reset();
    await vault.startBot();
    await storedOnce(files);
    await until('the confirmation in the thread', () => confirmations('general', parent).length === 1);
    await until('the confirmation of the edit', () => confirmations('design', edited).length === 1);
    expect(vault.slack.calls.count('files.info')).toBe(0);
  });

  it('with nothing new costs few calls and no write', async () => {
    const first = await vault.startBot();
    // What is shared before the bot knows that it is in a channel is kept without a word.
    await swept();
    const { files, ts } = await vault.slack.as('anna').share('general', file('known.txt'));
    await storedOnce(files);
    await until('the confirmation', () => confirmations('general', ts).length === 1);
    await first.stop();
    vault.slack.calls.reset();
    const second = await vault.startBot();
    await until('the end of the round', () => vault.slack.calls.count('files.list') >= 7);
    await swept();
    const calls = (method: string) => vault.slack.calls.count(method);
    // Three channels and four direct messages; the one thread is the confirmation's.
    expect([calls('users.conversations'), calls('conversations.history'), calls('files.list')]).toEqual([
      1, 7, 7,
    ]);
    expect(calls('conversations.replies')).toBeLessThanOrEqual(1);
    expect(second.log.filter(({ msg }) => String(msg).includes('missed'))).toEqual([]);
    expect(said('general')).toHaveLength(1);
  });

  it('follows app_rate_limited, and obeys 429 on its way', async () => {
    await vault.startBot();
    await swept();
    vault.slack.faults.event('*', { kind: 'drop' });
    const { ts, files } = await vault.slack.as('ben').share('general', [file('a.txt'), file('b.txt')]);
    vault.slack.faults.clear();
    vault.slack.calls.reset();
    const refused = [
      vault.slack.faults.api('users.conversations', { status: 429, retryAfter: 1 }, 1),
      vault.slack.faults.api('conversations.history', { status: 429, retryAfter: 1 }, 2),
      vault.slack.faults.api('files.list', { status: 503 }, 1),
      vault.slack.faults.api('conversations.history', { reset: true }, 1),
    ];
    vault.slack.sendRateLimited();
    await storedOnce(files);
    await until('the confirmation', () => confirmations('general', ts).length === 1);
    await until('all refusals', () => refused.every(({ hits }) => hits > 0));
    for (const one of vault.slack.calls.list.filter(({ status }) => status === 429)) {
      const next = vault.slack.calls.list.find(({ method, at }) => method === one.method && at > one.at + 50);
      expect(next?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(one.at + 950);
    }
    expect(vault.slack.deliveries.list.find(({ type }) => type === 'app_rate_limited')?.acked).toBe(true);
  });

  it('keeps the table of channels right, and marks those that were lost without a word', async () => {
    await vault.startBot();
    await swept();
    const channel = (name: string) =>
      read(
        'select name, kind, is_member, is_archived from channel where channel_id = ?',
        vault.slack.workspace.channels[name] as string,
      )[0];
    expect(channel('finance')).toMatchObject({
      name: 'finance',
      kind: 'private',
      is_member: 1,
      is_archived: 0,
    });
    vault.slack.faults.event('*', { kind: 'drop' });
    const designId = vault.slack.workspace.channels.design as string;
    vault.slack.as('carla').kick('finance');
    vault.slack.renameChannel('design', 'drawings');
    vault.slack.faults.clear();
    vault.slack.sendRateLimited();
    const finance = vault.slack.workspace.channels.finance as string;
    await until(
      'the lost channel',
      () => read('select 1 from channel where channel_id = ? and is_member = 0', finance).length === 1,
    );
    await until(
      'the new name',
      () => read(`select 1 from channel where name = 'drawings' and channel_id = ?`, designId)[0],
    );
    // A walk that was under way hears it in Slack's words for a channel that the bot cannot see.
    const reason = await until('the reason', () =>
      String(read('select error_code from sweep where channel_id = ?', finance)[0]?.error_code ?? ''),
    );
    expect(['not_in_channel', 'channel_not_found']).toContain(reason);
  });

  it('of what was shared more than a day ago says nothing', async () => {
    const first = await vault.startBot();
    await swept();
    await first.kill();
    // As if the vault had been down for long: what it finds then was shared before it met the channel.
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'));
    database.exec(`update sweep set met_at = ${Date.now() + 60_000} where channel_id <> ''`);
    database.close();
    vault.slack.faults.event('*', { kind: 'drop' });
    const { files } = await vault.slack.as('anna').share('general', file('long ago.txt'));
    vault.slack.faults.clear();
    await vault.startBot();
    await storedOnce(files);
    const { files: fresh } = await vault.slack.as('anna').share('design', file('fresh.txt'));
    await storedOnce([...files, ...fresh]);
    await until('the confirmation of the fresh one', () => said('design').length === 1);
    expect(said('general')).toEqual([]);
  });
});

describe('on being invited', () => {
  it('the bot says hello once, and an admin may have the past kept, quietly', async () => {
    const anna = vault.slack.as('anna');
    const carla = vault.slack.as('carla');
    const old = (await anna.share('random', file('old.txt'))).files;
    const parent = anna.post('random', 'a thread');
    const reply = (await anna.share('random', file('old reply.txt'), { thread_ts: parent })).files;
    await vault.startBot();
    await swept();
    anna.invite('random');
    const hello = await until('the hello', () => said('random')[0]);
    expect(JSON.stringify(hello.blocks)).toContain('backfill_start');

    await anna.action(hello, 'backfill_start');
    await until('the refusal', () =>
      answers('random', 'anna').some(({ text }) => text.includes('Only workspace admins')),
    );
    await carla.action(hello, 'backfill_start');
    await storedOnce([...old, ...reply]);
    const summary = await until('the summary', () =>
      said('random').find(({ text }) => text.includes('Saved the older files')),
    );
    expect(summary.text).toContain('2 files found');
    expect(JSON.stringify(summary.blocks)).not.toContain('backfill_stop');

    const fresh = await anna.share('random', file('fresh.txt'));
    await until('the confirmation of the fresh one', () => confirmations('random', fresh.ts).length === 1);
    anna.kick('random');
    await vault.slack.deliveries.settled();
    anna.invite('random');
    await vault.slack.deliveries.settled();
    await swept(4);
    // Hello, the summary and one confirmation.
    expect(said('random')).toHaveLength(3);
  });
});
