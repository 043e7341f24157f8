import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

/** One row of the bot's catalog, read beside it. */
function read(vault: TestVault, query: string, ...values: string[]): Record<string, unknown>[] {
  const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
  try {
    return database.prepare(query).all(...values) as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

const stored = async (vault: TestVault) => (await vault.s3.list(BUCKET)).map(({ key }) => key);

/** Waits until no sweep is under way or wanted. */
async function swept(vault: TestVault): Promise<void> {
  await until(
    'the end of all sweeps',
    () =>
      read(vault, `select 1 from sweep where channel_id <> '' and swept_at is not null`).length >= 3 &&
      read(vault, `select 1 from sweep where channel_id <> '' and due_at is not null`).length === 0,
  );
}

const file = (name: string) => ({ name, content: `bytes of ${name}` });

describe('a sweep', () => {
  let vault: TestVault;
  beforeEach(async () => {
    vault = await startVault();
  });
  afterEach(() => vault.close());

  const confirmations = (channel: string, thread: string) =>
    vault.slack
      .as('anna')
      .messages(channel)
      .filter((one) => one.thread_ts === thread && one.user === vault.slack.workspace.botUserId);

  it('after a start finds what was shared while the bot was down, everywhere, and confirms it', async () => {
    const first = await vault.startBot();
    const anna = vault.slack.as('anna');
    const parent = anna.post('general', 'an old thread');
    const edited = anna.post('design', 'to be edited');
    await swept(vault);
    await first.kill();

    vault.slack.faults.event('*', { kind: 'drop' });
    const files = [
      ...(await anna.share('general', [file('one.txt'), file('two.txt')])).files,
      ...(await anna.share('general', file('reply.txt'), { thread_ts: parent })).files,
      ...(await anna.share('finance', file('private.txt'))).files,
      await anna.upload(file('added.txt')),
    ];
    anna.edit('design', edited, 'edited', [files.at(-1) as string]);
    vault.slack.faults.clear();
    await vault.startBot();
    await until('all five', async () => (await stored(vault)).length === 5);
    const keys = await stored(vault);
    for (const id of files) expect(keys.filter((key) => key.includes(id))).toHaveLength(1);
    await until('the confirmation in the thread', () => confirmations('general', parent).length === 1);
  });
});
