import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DownloadFault } from '../../sandbox/slack/faults.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const MiB = 1024 ** 2;

describe('trouble on the way', () => {
  let vault: TestVault;
  let bot: Bot;
  beforeAll(async () => {
    vault = await startVault();
    bot = await vault.startBot();
  });
  afterEach(() => {
    vault.slack.faults.clear();
    vault.s3.faults.clear();
  });
  afterAll(() => vault.close());

  const objects = async (fileId: string) =>
    (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes(fileId));

  /** What the catalog says about a file, read while the bot runs. */
  function recorded(fileId: string) {
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
    try {
      return database.prepare('select state, reason from file where file_id = ?').get(fileId);
    } finally {
      database.close();
    }
  }

  async function storedWhole(fileId: string, bytes: Buffer, ms = 30_000): Promise<void> {
    const [object] = await until(
      `${fileId} in the bucket`,
      async () => {
        const found = await objects(fileId);
        return found.length > 0 ? found : undefined;
      },
      ms,
    );
    expect((await vault.s3.read(BUCKET, object?.key as string)).equals(bytes)).toBe(true);
    expect(await vault.s3.uploads(BUCKET)).toEqual([]);
  }

  it.each<[string, DownloadFault]>([
    ['a login page', { kind: 'login_page' }],
    ['a body that ends too early', { kind: 'short', bytes: 5 }],
    ['a body that goes on', { kind: 'extra', bytes: 7 }],
    ['a connection reset in the middle', { kind: 'reset', after: 100_000 }],
    ['429 with a time to wait', { kind: 'status', status: 429, retryAfter: 1 }],
    ['a server error', { kind: 'status', status: 503 }],
    ['a wrong length', { kind: 'content_length', value: 99 }],
  ])('from Slack: %s is a failed attempt, and the file is stored at the next', async (_, fault) => {
    const bytes = randomBytes(2 * MiB);
    const strike = vault.slack.faults.download('*', fault, 1);
    const { files } = await vault.slack.as('anna').share('general', { name: 'film.bin', content: bytes });
    await storedWhole(files[0] as string, bytes);
    expect(strike.hits).toBe(1);
  });

  it('from Slack: no length at all is stored all the same', async () => {
    const bytes = randomBytes(2 * MiB);
    vault.slack.faults.download('*', { kind: 'content_length', value: null }, 1);
    const { files } = await vault.slack.as('anna').share('general', { name: 'film.bin', content: bytes });
    await storedWhole(files[0] as string, bytes);
  });

  it('from Slack: a redirect to another host is not followed with the token, and never stored', async () => {
    let asked = 0;
    let token: string | undefined;
    const stranger = createServer((request, response) => {
      asked += 1;
      token = request.headers.authorization;
      response.end('not yours');
    });
    // To the bot, another loopback address is another host.
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.2', resolve));
    const { port } = stranger.address() as { port: number };
    vault.slack.faults.download('*', { kind: 'redirect', to: `http://127.0.0.2:${port}/file` }, 1);
    const bytes = randomBytes(1_000);
    const { files } = await vault.slack.as('anna').share('general', { name: 'moved.bin', content: bytes });
    await storedWhole(files[0] as string, bytes);
    stranger.close();
    expect([asked, token]).toEqual([0, undefined]);
  });

  it('a stub is looked up, and an event that never came is made good by file_shared', async () => {
    const bytes = randomBytes(5_000);
    vault.slack.faults.stub('*', 'check_file_info', 1);
    const first = await vault.slack.as('anna').share('general', { name: 'stub.bin', content: bytes });
    await storedWhole(first.files[0] as string, bytes);

    vault.slack.faults.event('message', { kind: 'drop' }, 1);
    const second = await vault.slack.as('anna').share('general', { name: 'quiet.bin', content: bytes });
    await storedWhole(second.files[0] as string, bytes);
    const confirmed = await until('the confirmation in its thread', () =>
      vault.slack
        .as('anna')
        .messages('general')
        .find(({ thread_ts, user }) => thread_ts === second.ts && user === vault.slack.workspace.botUserId),
    );
    expect(confirmed.text).toContain('quiet.bin');
  });

  it('deliveries repeated and out of order store and confirm once', async () => {
    vault.slack.faults.event('message', { kind: 'duplicate' }, 1);
    vault.slack.faults.event('file_shared', { kind: 'duplicate' }, 1);
    const bytes = randomBytes(5_000);
    const { ts, files } = await vault.slack
      .as('anna')
      .share('general', { name: 'again.bin', content: bytes });
    await storedWhole(files[0] as string, bytes);
    await vault.slack.deliveries.settled();
    const confirmed = () =>
      vault.slack
        .as('anna')
        .messages('general')
        .filter(({ thread_ts, user }) => thread_ts === ts && user === vault.slack.workspace.botUserId);
    await until('the confirmation', () => confirmed().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(confirmed()).toHaveLength(1);
    expect(await objects(files[0] as string)).toHaveLength(1);
  });

  it.each([
    ['says that it is busy', { status: 503, code: 'SlowDown' }],
    ['cuts the connection in mid-body', { resetAfterBytes: 100_000 }],
    ['writes the object and loses its answer', { resetBeforeAnswer: true }],
  ] as const)('the bucket %s: the file is stored once at a later attempt', async (_, action) => {
    vault.s3.faults.add({ operation: 'PutObject', times: 1, do: action });
    const bytes = randomBytes(3 * MiB);
    const { files } = await vault.slack.as('anna').share('general', { name: 'thing.bin', content: bytes });
    await storedWhole(files[0] as string, bytes);
    expect(await objects(files[0] as string)).toHaveLength(1);
  });

  it('a bucket that is gone for a while is waited for; App Home says so, with Retry', async () => {
    vault.s3.faults.down = true;
    const bytes = randomBytes(20_000);
    const anna = vault.slack.as('anna');
    const { files } = await anna.share('general', { name: 'patient.bin', content: bytes });
    anna.home();
    await until('the trouble in App Home', () => /retry_file/.test(JSON.stringify(anna.homeView() ?? '')));
    vault.s3.faults.down = false;
    const home = anna.homeView() as never;
    await anna.action(home, 'retry_file', { payload: { value: files[0] } });
    await storedWhole(files[0] as string, bytes);
    await until('App Home without trouble', () => !/retry_file/.test(JSON.stringify(anna.homeView())));
  });

  it.each([
    ['tombstone', 'tombstone'],
    ['hidden_by_limit', 'hidden_by_limit'],
    ['external', 'external'],
  ] as const)(
    'a file that is %s is recorded with that reason, and nothing is stored',
    async (form, reason) => {
      const anna = vault.slack.as('anna');
      const fileId = await anna.upload({ name: 'gone.txt', content: 'x' });
      vault.slack.faults.form(fileId, form);
      anna.post('general', '', { file_ids: [fileId] });
      await until('the record', () => recorded(fileId)?.state === 'skipped');
      expect(recorded(fileId)).toMatchObject({ state: 'skipped', reason });
      expect(await objects(fileId)).toEqual([]);
    },
  );

  it('a file that Slack has deleted meanwhile is recorded as deleted', async () => {
    const anna = vault.slack.as('anna');
    vault.slack.faults.download('*', { kind: 'status', status: 404 });
    vault.slack.faults.api('files.info', { error: 'file_deleted' });
    const { files } = await anna.share('general', { name: 'gone.txt', content: 'x' });
    await until('the record', () => recorded(files[0] as string)?.state === 'skipped');
    expect(recorded(files[0] as string)).toMatchObject({ reason: 'deleted_in_slack' });
  });

  it('the process is alive after all that', () => {
    expect(bot.process.exitCode).toBeNull();
    expect(bot.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});
