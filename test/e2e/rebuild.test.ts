import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const root = resolve(import.meta.dirname, '../..');
const AT_ONCE = { VAULT_JOURNAL_SECONDS: '1' };
const NEVER = { VAULT_JOURNAL_SECONDS: '86400' };

describe('npm run rebuild', () => {
  let vault: TestVault;
  beforeEach(async () => {
    vault = await startVault();
  });
  afterEach(() => vault.close());

  /** What the catalog on disk answers; nothing while there is none yet. */
  function ask(query: string): Array<Record<string, unknown>> {
    const path = join(vault.dataDir, 'vault.db');
    if (!existsSync(path)) return [];
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return database.prepare(query).all();
    } finally {
      database.close();
    }
  }
  const states = () =>
    Object.fromEntries(ask('select name, state from file').map(({ name, state }) => [name, state]));
  const untold = () => ask('select count(*) as n from journal_dirty')[0]?.n;
  const everythingIsTold = () => until('the journal', () => untold() === 0);
  const loseTheMachine = () => rmSync(vault.dataDir, { recursive: true, force: true });

  /** What people and policies depend on, without row ids and what is still to be done. */
  const content = () => ({
    files:
      ask(`select file_id, name, title, mimetype, size, uploader_id, state, reason, channel_id, message_ts,
      shared_at, object_key, stored_bytes, sha256, crc32, etag, proof, stored_at, trashed_at, trashed_by, purge_at,
      slack_deleted_at, folded from file order by file_id`),
    due: ask("select file_id, due_at from file where state = 'trashed'"),
    shares: ask(`select file_id, channel_id, channel_kind, ts, thread_ts, user_id, shared_at, removed_at
      from share order by file_id, channel_id, ts`),
    channels: ask(`select channel_id, name, kind, is_member, is_archived, im_user_id
      from channel order by channel_id`),
    listing: ask('select * from listing order by channel_id, tag, shared_at, file_id'),
    totals: ask('select channels, files, bytes from audience where files > 0 order by channels'),
    audit: ask('select * from audit order by id'),
  });

  /** Runs it as a person would: without any Slack credentials. */
  function rebuild(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = Object.fromEntries(Object.entries(vault.env).filter(([name]) => !name.startsWith('SLACK_')));
    return new Promise((done) => {
      execFile(
        process.execPath,
        ['src/cli/rebuild.ts', ...args],
        { cwd: root, env },
        (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  /** The names that `/vault list` shows. */
  async function listed(channel: string): Promise<string[]> {
    const anna = vault.slack.as('anna');
    const mine = () => anna.messages(channel).filter((message) => message.ephemeral);
    const before = mine().length;
    await anna.command(channel, '/vault list');
    const answer = await anna.waitFor(() => mine().length > before && mine().at(-1));
    const text = JSON.stringify(answer.blocks);
    return [...new Set(text.match(/(?:keep|renamed|back|trashed|late|more)[ \w-]*\.txt/g))].sort();
  }

  async function segments(): Promise<string> {
    const told = await Promise.all((await vault.journal()).map((key) => vault.s3.read(BUCKET, key)));
    return told.map((bytes) => gunzipSync(bytes).toString()).join('');
  }

  it('brings back lists, totals, trash with Undo, and the audit log, and the journal goes on', async () => {
    const first = await vault.startBot(AT_ONCE);
    const anna = vault.slack.as('anna');
    const share = (name: string) => anna.share('general', { name, content: randomBytes(2_000) });
    const shared = { keep: await share('keep.txt'), rename: await share('old name.txt') };
    const trash = { back: await share('back.txt'), trashed: await share('trashed.txt') };
    await until('four stored', () => Object.values(states()).filter((s) => s === 'stored').length === 4);
    anna.renameFile(shared.rename.files[0] as string, { name: 'renamed.txt', title: 'renamed.txt' });
    anna.edit('general', shared.rename.ts, 'look at this');
    await until('the new name', () => 'renamed.txt' in states());

    const told = (fileId: string) =>
      anna.messages('general').findLast((m) => {
        const drawn = JSON.stringify(m.blocks ?? '');
        return m.ephemeral && drawn.includes('undo_delete') && drawn.includes(`"value":"${fileId}"`);
      });
    for (const [name, { files }] of Object.entries(trash)) {
      await anna.command('general', `/vault delete ${name}.txt`);
      const chooser = await anna.waitFor(() =>
        anna.messages('general').findLast((m) => {
          const drawn = JSON.stringify(m.blocks ?? '');
          return m.ephemeral && drawn.includes('"delete_file"') && drawn.includes(files[0] as string);
        }),
      );
      await anna.action(chooser, 'delete_file', { payload: { value: files[0] } });
      await until(`${name} in the trash`, () => states()[`${name}.txt`] === 'trashed');
      await until('told', () => told(files[0] as string));
    }
    const undo = (fileId: string) =>
      anna.action(told(fileId) as never, 'undo_delete', { payload: { value: fileId } });
    await undo(trash.back.files[0] as string);
    await until('it back', () => states()['back.txt'] === 'stored');
    await everythingIsTold();
    const lists = await listed('general');
    expect(lists).toEqual(['back.txt', 'keep.txt', 'renamed.txt']);
    await everythingIsTold();
    const before = content();
    await first.kill();
    loseTheMachine();

    const run = await rebuild();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('3 stored, 1 trashed');
    expect(run.stdout).toContain('Nothing is missing');
    expect(content()).toEqual(before);

    const second = await vault.startBot(AT_ONCE);
    expect(await listed('general')).toEqual(lists);
    await undo(trash.trashed.files[0] as string);
    await until('the other back', () => states()['trashed.txt'] === 'stored');
    await share('more.txt');
    await until('the new one', () => states()['more.txt'] === 'stored');
    expect(await second.stop()).toBe(0);
    const later = content();

    // The history went on; a second loss is no worse than the first.
    const histories = new Set((await vault.journal()).map((key) => key.split('/').at(-2)));
    expect(histories.size).toBe(1);
    loseTheMachine();
    expect((await rebuild()).code).toBe(0);
    expect(content()).toEqual(later);

    const everything = await segments();
    expect(everything).toContain('renamed.txt');
    for (const secret of ['files-pri', 'url_private', '"url"', 'xoxb-', 'xapp-', 'response_url', 'X-Amz-'])
      expect(everything).not.toContain(secret);
  });

  it('knows files that the journal does not tell of by their objects, and fetches what the bucket lost', async () => {
    const first = await vault.startBot(AT_ONCE);
    const anna = vault.slack.as('anna');
    const lost = await anna.share('general', { name: 'more lost.txt', content: randomBytes(3_000) });
    await until('it stored', () => states()['more lost.txt'] === 'stored');
    await everythingIsTold();
    await first.kill();
    const second = await vault.startBot(NEVER);
    const bytes = randomBytes(1_500_000);
    await anna.share('general', { name: 'late größer.txt', content: bytes });
    await anna.share('general', { name: 'late.txt', content: 'x' });
    await until(
      'both stored',
      () => states()['late größer.txt'] === 'stored' && states()['late.txt'] === 'stored',
    );
    const before = ask(`select file_id, name, uploader_id, channel_id, message_ts, shared_at, object_key,
      stored_bytes, sha256, crc32 from file where name like 'late%' order by name`);
    await second.kill();
    loseTheMachine();
    const s3 = new S3Client({
      endpoint: vault.s3.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: {
        accessKeyId: vault.env.AWS_ACCESS_KEY_ID as string,
        secretAccessKey: vault.env.AWS_SECRET_ACCESS_KEY as string,
      },
    });
    const key = (await vault.s3.list(BUCKET)).find((o) => o.key.includes(lost.files[0] as string))?.key;
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    s3.destroy();

    const run = await rebuild('--json');
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      adopted: 2,
      strangers: 0,
      lost: [{ fileId: lost.files[0], key, capturedAgain: true }],
    });
    const after = ask(`select file_id, name, uploader_id, channel_id, message_ts, shared_at, object_key,
      stored_bytes, sha256, crc32 from file where name like 'late%' order by name`);
    expect(after).toEqual(before);

    await vault.startBot(AT_ONCE);
    await until('the lost one again', () => states()['more lost.txt'] === 'stored');
    expect((await vault.s3.list(BUCKET)).map((object) => object.key)).toContain(key);
    expect(await listed('general')).toEqual(expect.arrayContaining(['late.txt', 'more lost.txt']));
  });

  it('is done by a bot that starts on an empty catalog, when the bucket is there', async () => {
    const first = await vault.startBot(AT_ONCE);
    const anna = vault.slack.as('anna');
    await anna.share('general', { name: 'keep.txt', content: 'x' });
    await until('it', () => states()['keep.txt'] === 'stored');
    await everythingIsTold();
    await first.kill();
    loseTheMachine();

    vault.s3.faults.down = true;
    const second = vault.launchBot({ ...AT_ONCE, VAULT_ADMINS: anna.id });
    await until('the connection', () => second.log.some(({ msg }) => msg === 'connected to Slack'));
    await anna.share('general', { name: 'late.txt', content: 'y' });
    await until('the late one written down', () => states()['late.txt'] === 'pending');
    const ask = async (text: string) => {
      const answers = () => anna.messages('general').filter((message) => message.ephemeral);
      const before = answers().length;
      await anna.command('general', text);
      return JSON.stringify(await anna.waitFor(() => answers().length > before && answers().at(-1)));
    };
    expect(await ask('/vault hold')).not.toContain('went wrong');
    vault.s3.faults.clear();
    await second.ready;
    await until('both', () => JSON.stringify(states()) === '{"keep.txt":"stored","late.txt":"stored"}');
    expect(second.log.filter(({ msg }) => String(msg).startsWith('the catalog was rebuilt'))).toHaveLength(1);
    expect(await ask('/vault status')).toMatch(
      /rebuilt from the bucket .*because it was empty: 1 saved file/,
    );
    expect(await second.stop()).toBe(0);
    await vault.startBot(AT_ONCE);
    expect(Object.keys(states()).sort()).toEqual(['keep.txt', 'late.txt']);
  });

  it('costs the bucket a handful of requests for 500 files, and none while nothing happens', async () => {
    const bot = await vault.startBot({ VAULT_JOURNAL_SECONDS: '5', VAULT_CONFIRM: 'off' });
    vault.s3.requests.reset();
    const journal = () => vault.s3.requests.list.filter(({ key }) => key.includes('.ria-vault'));
    const anna = vault.slack.as('anna');
    for (let message = 0; message < 50; message++) {
      const files = Array.from({ length: 10 }, (_, i) => ({
        name: `keep ${message}-${i}.txt`,
        content: 'x',
      }));
      await anna.share('general', files);
    }
    const stored = () => ask("select count(*) as n from file where state = 'stored'")[0]?.n;
    await until('all stored', () => stored() === 500, 90_000);
    await everythingIsTold();
    expect(journal().length).toBeLessThan(25);
    const packed = await Promise.all((await vault.journal()).map((key) => vault.s3.read(BUCKET, key)));
    expect(packed.reduce((sum, { length }) => sum + length, 0) / 500).toBeLessThan(600);
    const before = journal().length;
    await new Promise((wait) => setTimeout(wait, 6_000));
    expect(journal().length).toBe(before);
    expect(await bot.stop()).toBe(0);
    expect(journal().length).toBeLessThanOrEqual(before + 1);
  });

  it('says in one sentence why it cannot begin', async () => {
    const bot = await vault.startBot(AT_ONCE);
    await vault.slack.as('anna').share('general', { name: 'keep.txt', content: 'x' });
    await until('it', () => states()['keep.txt'] === 'stored');
    expect(await bot.stop()).toBe(0);
    expect(await rebuild()).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^This catalog is not empty.*VAULT_DATA_DIR.*\.\n$/),
    });
    expect(await rebuild('--nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('--help') });
    vault.env.VAULT_BUCKET = 'no-such-bucket';
    expect(await rebuild()).toMatchObject({ code: 2, stderr: expect.stringMatching(/VAULT_BUCKET.*\n$/) });
  });
});
