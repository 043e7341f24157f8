import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const MiB = 1024 ** 2;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a kill', () => {
  let vault: TestVault;
  beforeEach(async () => {
    vault = await startVault();
  });
  afterEach(() => vault.close());

  const confirmations = (thread: string) =>
    vault.slack
      .as('anna')
      .messages('general')
      .filter(({ thread_ts, user }) => thread_ts === thread && user === vault.slack.workspace.botUserId);

  /** What lies in the folder of the bucket's server, what is still coming in as well. */
  const bytesInStore = () =>
    readdirSync(join(vault.dir, 's3'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, bytes) => sum + bytes, 0);

  it.each([
    ['one request', 40 * MiB, 'PutObject'],
    ['many parts', 60 * MiB, 'UploadPart'],
  ] as const)(
    'in the middle of a capture of %s ends, after a start, with the file stored once and confirmed once',
    async (_, size, operation) => {
      const first = await vault.startBot();
      const slow = vault.s3.faults.add({ operation, do: { bytesPerSecond: 10 * MiB } });
      const bytes = randomBytes(size);
      vault.s3.requests.reset();
      const file =
        operation === 'UploadPart'
          ? { name: 'board.html', content: bytes, mode: 'space', mimetype: 'text/html' }
          : { name: 'film.mp4', content: bytes };
      // A canvas whose length nobody knows goes in parts.
      if (operation === 'UploadPart')
        vault.slack.faults.download('*', { kind: 'content_length', value: null });
      const { ts } = await vault.slack.as('anna').share('general', file);
      await vault.slack.deliveries.settled();
      // At 10 MiB a second the copy takes seconds; this falls in the middle of it.
      await until('some of the bytes', () => bytesInStore() > 3 * MiB);
      await first.kill();
      slow.remove();
      expect(await vault.s3.list(BUCKET)).toEqual([]);

      await vault.startBot();
      await until('the confirmation', () => confirmations(ts).length > 0, 60_000);
      const objects = await vault.s3.list(BUCKET);
      expect(objects).toHaveLength(1);
      expect(sha256(await vault.s3.read(BUCKET, objects[0]?.key as string))).toBe(sha256(bytes));
      expect(await vault.s3.uploads(BUCKET)).toEqual([]);
      expect(confirmations(ts)).toHaveLength(1);
    },
  );

  it('after the object is written but before that is recorded adopts the object instead of writing it again', async () => {
    const first = await vault.startBot();
    // The bucket has the object; the bot waits for an answer that never comes.
    vault.s3.faults.add({ operation: 'PutObject', key: /report/, times: 1, do: { resetBeforeAnswer: true } });
    const { ts } = await vault.slack
      .as('anna')
      .share('general', { name: 'report.pdf', content: randomBytes(2 * MiB) });
    await until('the object', async () => (await vault.s3.list(BUCKET)).length === 1);
    await first.kill();
    const [before] = await vault.s3.list(BUCKET);
    await vault.startBot();
    await until('the confirmation', () => confirmations(ts).length > 0);
    expect(await vault.s3.list(BUCKET)).toEqual([before]);
    expect(confirmations(ts)).toHaveLength(1);
  });

  it('while a confirmation is on its way to Slack ends with one confirmation', async () => {
    const first = await vault.startBot();
    // Slack posts the message, and its answer is lost.
    const lost = vault.slack.faults.api('chat.postMessage', { reset: true, after: true }, 1);
    const { ts } = await vault.slack.as('anna').share('general', { name: 'note.txt', content: 'x' });
    await until('the post', () => lost.hits > 0 && confirmations(ts).length > 0);
    await first.kill();
    await vault.startBot();
    await vault.slack.as('anna').share('general', { name: 'later.txt', content: 'y' }, { thread_ts: ts });
    await until('both in one message', () => confirmations(ts).some(({ text }) => text.includes('2 files')));
    expect(confirmations(ts)).toHaveLength(1);
  });

  it('of everything that a stop finds under way loses nothing: SIGTERM hands it back', async () => {
    const first = await vault.startBot({ VAULT_CAPTURE_CONCURRENCY: '2' });
    vault.s3.faults.add({ operation: 'PutObject', do: { delayMs: 500 } });
    const files = Array.from({ length: 12 }, (_, index) => ({
      name: `f${index}.bin`,
      content: randomBytes(10_000),
    }));
    const { ts } = await vault.slack.as('anna').share('general', files.slice(0, 10));
    await vault.slack.as('anna').share('general', files.slice(10), { thread_ts: ts });
    await vault.slack.deliveries.settled();
    expect(await first.stop()).toBe(0);
    expect((await vault.s3.list(BUCKET)).length).toBeLessThan(12);
    vault.s3.faults.clear();
    await vault.startBot();
    await until('all of them', async () => (await vault.s3.list(BUCKET)).length === 12);
    await until('one message for all', () => confirmations(ts).some(({ text }) => text.includes('12 files')));
    expect(confirmations(ts)).toHaveLength(1);
  });
});
