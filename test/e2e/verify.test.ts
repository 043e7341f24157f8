import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const root = resolve(import.meta.dirname, '../..');

describe('npm run verify', () => {
  let vault: TestVault;
  let bot: Bot;
  let s3: S3Client;
  const keys = new Map<string, string>();
  const bytes = randomBytes(50_000);

  beforeAll(async () => {
    vault = await startVault();
    bot = await vault.startBot();
    s3 = new S3Client({
      endpoint: vault.s3.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: {
        accessKeyId: vault.env.AWS_ACCESS_KEY_ID as string,
        secretAccessKey: vault.env.AWS_SECRET_ACCESS_KEY as string,
      },
    });
    for (const name of ['gone.bin', 'damaged.bin', 'fine.bin']) {
      await vault.slack.as('anna').share('general', { name, content: bytes });
    }
    await until('all stored and written down', () => rows('stored') === 3);
    for (const { key } of await objects()) keys.set(key.split('/').at(-1) as string, key);
  });
  afterAll(async () => {
    s3?.destroy();
    await vault.close();
  });

  /** What is Slack's, without the vault's own folder. */
  const objects = async () =>
    (await vault.s3.list(BUCKET)).filter(({ key }) => !key.startsWith('.ria-vault/'));

  function rows(state: string): number {
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly: true });
    try {
      return database.prepare('select count(*) as n from file where state = ?').get(state)?.n as number;
    } finally {
      database.close();
    }
  }

  /** Runs it as a person would, in a process of its own, without any Slack credentials. */
  function verify(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ...env } = vault.env;
    return new Promise((settle) => {
      const options = { cwd: root, env, timeout: 60_000 };
      execFile(process.execPath, ['src/cli/verify.ts', ...args], options, (error, stdout, stderr) =>
        settle({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      );
    });
  }

  it('finds nothing to say beside a running bot, and writes nothing', async () => {
    vault.s3.requests.reset();
    const { code, stdout, stderr } = await verify();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^3 files of the catalog and 3 objects/);
    expect(stdout).toContain('All well.');
    const asked = new Set(vault.s3.requests.list.map(({ operation }) => operation));
    expect(['PutObject', 'DeleteObject'].filter((operation) => asked.has(operation as never))).toEqual([]);
  });

  it('finds everything that was done behind its back', async () => {
    // A tool that deletes, one that overwrites with as many bytes, a stranger, and an upload left half-way.
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'stranger\u001b[31m.txt', Body: 'who?' }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'left.mov' }));
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: keys.get('damaged.bin'), Body: randomBytes(50_000) }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: keys.get('gone.bin') }));

    const { code, stdout } = await verify('--upload-age-hours=0');
    expect(code).toBe(1);
    expect(stdout).toContain(`1 missing`);
    expect(stdout).toContain(keys.get('gone.bin'));
    expect(stdout).toContain('1 wrong bytes');
    expect(stdout).toContain('1 unfinished upload');
    // No control characters for the terminal.
    expect(stdout).toContain('stranger\\u{1b}[31m.txt');
    expect(stdout).not.toContain('\u001b');

    const json = JSON.parse((await verify('--json', '--deep', '--upload-age-hours=0')).stdout);
    expect(json).toMatchObject({
      deep: true,
      counts: { missing: 1, wrong_bytes: 1, unknown: 1, unfinished_upload: 1, wrong_size: 0 },
    });
    // An upload that may still be somebody's work is no finding.
    expect((await verify()).stdout).not.toContain('unfinished upload');
  });

  it('asks to stop the bot before it repairs a SQLite catalog', async () => {
    const { code, stderr } = await verify('--repair');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The bot is running .*stop it, run verify --repair, and start it again\..*\n$/);
  });

  it('repairs, and what it could not decide is left for a person', async () => {
    expect(await bot.stop()).toBe(0);
    const { code, stdout } = await verify('--repair', '--upload-age-hours=0');
    expect(code).toBe(1);
    expect(stdout).toContain('2 to be captured again, 0 adopted, 1 aborted');
    expect(stdout).toContain('it does not say which file it is');
    expect(await vault.s3.uploads(BUCKET)).toEqual([]);

    bot = await vault.startBot();
    await until('both captured again', () => rows('stored') === 3);
    for (const name of ['gone.bin', 'damaged.bin']) {
      expect((await vault.s3.read(BUCKET, keys.get(name) as string)).equals(bytes)).toBe(true);
    }
    const aside = (await vault.s3.list(BUCKET)).filter(({ key }) => key.includes('.ria-vault/set-aside/'));
    expect(aside).toHaveLength(1);
    // Each was confirmed when it was first stored, and is not confirmed again.
    const confirmed = vault.slack
      .as('anna')
      .messages('general')
      .filter(({ user, text }) => user === vault.slack.workspace.botUserId && text.startsWith('Saved '));
    expect(confirmed).toHaveLength(3);

    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'stranger\u001b[31m.txt' }));
    expect(await verify('--deep', '--upload-age-hours=0')).toMatchObject({ code: 0 });
  });

  it('adopts an object whose row was lost', async () => {
    await bot.stop();
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'));
    const key = keys.get('fine.bin') as string;
    const { file_id: fileId } = database
      .prepare('select file_id from file where object_key = ?')
      .get(key) as {
      file_id: string;
    };
    for (const table of ['share', 'channel_file', 'listing', 'file'])
      database.prepare(`delete from ${table} where file_id = ?`).run(fileId);
    database.close();
    expect((await verify()).stdout).toContain('a file that the catalog does not have');
    expect(await verify('--repair')).toMatchObject({ code: 0 });
    expect(await verify('--deep')).toMatchObject({ code: 0 });
    expect(rows('stored')).toBe(3);
  });

  it.each<[string, Record<string, string>, string[], string]>([
    ['no bucket', { VAULT_BUCKET: '' }, [], 'VAULT_BUCKET'],
    ['a bucket that is not there', { VAULT_BUCKET: 'nope' }, [], 'VAULT_BUCKET'],
    ['a bucket out of reach', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }, [], 'AWS_ENDPOINT_URL_S3'],
    ['wrong credentials', { AWS_SECRET_ACCESS_KEY: 'wrong' }, [], 'AWS_SECRET_ACCESS_KEY'],
    ['no catalog', { VAULT_DATA_DIR: '/dev/null/data' }, [], 'VAULT_DATA_DIR'],
    ['an unknown option', {}, ['--fix'], '--fix'],
  ])('%s: exit code 2 and one sentence', async (_, env, args, named) => {
    const before = { ...vault.env };
    Object.assign(vault.env, env);
    try {
      const { code, stdout, stderr } = await verify(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(named);
    } finally {
      Object.assign(vault.env, before);
    }
  });
});
