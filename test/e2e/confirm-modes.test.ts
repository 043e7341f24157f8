import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

describe('how a capture is confirmed', () => {
  let vault: TestVault;
  afterEach(() => vault.close());

  const messages = () => vault.slack.as('anna').messages('general');
  const ours = () => messages().filter(({ user }) => user === vault.slack.workspace.botUserId);
  const stored = (count: number) =>
    until(`${count} objects`, async () => (await vault.s3.list(BUCKET)).length === count);

  it('reaction: a sign of its own on the message, once, also for several files', async () => {
    vault = await startVault({ env: { VAULT_CONFIRM: 'reaction' } });
    await vault.startBot();
    const { ts } = await vault.slack.as('anna').share('general', [
      { name: 'a.txt', content: 'a' },
      { name: 'b.txt', content: 'b' },
    ]);
    const message = await until('the reaction', () =>
      messages().find((one) => one.ts === ts && one.reactions?.length),
    );
    expect(message.reactions).toEqual([{ name: 'file_cabinet', users: [vault.slack.workspace.botUserId] }]);
    expect(ours()).toEqual([]);
  });

  it('off: nothing but the file', async () => {
    vault = await startVault({ env: { VAULT_CONFIRM: 'off' } });
    const bot = await vault.startBot();
    await vault.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await stored(1);
    await bot.stop();
    expect(ours()).toEqual([]);
  });

  it('digest: nothing now, everything in one message at the full hour', async () => {
    vault = await startVault({ env: { VAULT_CONFIRM: 'digest' } });
    const bot = await vault.startBot();
    await vault.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await vault.slack.as('ben').share('general', { name: 'b.txt', content: 'b' });
    await stored(2);
    await bot.stop();
    expect(ours()).toEqual([]);
    const database = new DatabaseSync(`${vault.dataDir}/vault.db`);
    const posts = database
      .prepare(
        'select kind, due_at, (select count(*) from notice where post_id = post.id) as notices from post',
      )
      .all();
    expect(posts).toEqual([{ kind: 'digest', due_at: expect.any(Number), notices: 2 }]);
    expect((posts[0]?.due_at as number) % 3_600_000).toBe(0);
    // The hour strikes.
    database.exec('update post set due_at = 0');
    database.close();
    await vault.startBot();
    const digest = await until('the digest', () => ours()[0]);
    expect(digest.text).toContain('2 files');
    expect(digest.thread_ts).toBeUndefined();
  });

  it('thread: files that follow soon are added to the message that is there', async () => {
    vault = await startVault();
    await vault.startBot();
    const { ts } = await vault.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await until('the first', () => ours().some(({ text }) => text.includes('a.txt')));
    await vault.slack.as('ben').share('general', { name: 'b.txt', content: 'b' }, { thread_ts: ts });
    await until('both', () => ours().some(({ text }) => text.includes('2 files')));
    expect(ours()).toHaveLength(1);
    expect(ours()[0]?.edited).toBe(true);
  });

  it('says in one line what of a message was not kept and why, and shows it in the status', async () => {
    vault = await startVault({ env: { VAULT_MAX_FILE_BYTES: '1000', VAULT_EXCLUDE_TYPES: 'mov' } });
    await vault.startBot();
    await vault.slack.as('anna').share('general', [
      { name: 'huge.txt', content: 'x'.repeat(2_000) },
      { name: 'clip.mov', content: 'a' },
      { name: 'kept.txt', content: 'kept' },
    ]);
    const told = await until('the line', () =>
      ours().find(({ blocks }) => {
        const words = JSON.stringify(blocks ?? []);
        return words.includes('kept.txt') && words.includes('Not saved');
      }),
    );
    expect(JSON.stringify(told.blocks)).toContain(
      'Not saved: huge.txt (larger than 1000 bytes) · clip.mov (this type is not saved here)',
    );
    expect(ours()).toHaveLength(1);
    await vault.slack.as('anna').command('general', '/vault status');
    const status = await until('the status', () =>
      messages().find(({ ephemeral, text }) => ephemeral && text.includes('2 not saved')),
    );
    expect(JSON.stringify(status.blocks)).not.toContain('retry_file');
  });

  it('reaction: not before the last file of the message is stored', async () => {
    vault = await startVault({ env: { VAULT_CONFIRM: 'reaction', VAULT_REACTION: ':floppy_disk:' } });
    await vault.startBot();
    const slow = await vault.slack.as('anna').upload({ name: 'slow.txt', content: 'slow' });
    const quick = await vault.slack.as('anna').upload({ name: 'quick.txt', content: 'quick' });
    const fault = vault.slack.faults.download(slow, { kind: 'status', status: 503 });
    const ts = vault.slack.as('anna').post('general', '', { file_ids: [quick, slow] });
    await stored(1);
    await until('some failed attempts', () => fault.hits > 2);
    const marks = () => messages().find((one) => one.ts === ts)?.reactions;
    expect(marks() ?? []).toEqual([]);
    fault.remove();
    await until('the sign', () => marks()?.some(({ name }) => name === 'floppy_disk'));
  });

  it('a file that is shared by mistake and taken back while it is stored is named to nobody', async () => {
    vault = await startVault();
    const bot = await vault.startBot();
    const id = await vault.slack.as('anna').upload({ name: 'salaries.txt', content: 'x'.repeat(4_000) });
    const fault = vault.slack.faults.download(id, { kind: 'drip', bytesPerSecond: 2_000 });
    const ts = vault.slack.as('anna').post('general', '', { file_ids: [id] });
    await until('the download', () => fault.hits > 0);
    vault.slack.as('anna').remove('general', ts);
    await stored(1);
    await until('the end of it', () => bot.log.some(({ code }) => code === 'taken_back'));
    expect(ours()).toEqual([]);
  });

  it('a channel that may not be written to costs the confirmation, never the file', async () => {
    vault = await startVault();
    const bot = await vault.startBot();
    vault.slack.faults.api('chat.postMessage', { error: 'restricted_action' });
    await vault.slack.as('anna').share('general', { name: 'a.txt', content: 'a' });
    await stored(1);
    await until('the reason in the log', () => bot.log.some(({ code }) => code === 'restricted_action'));
    expect(ours()).toEqual([]);
  });
});
