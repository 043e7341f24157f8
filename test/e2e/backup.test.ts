import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const root = resolve(import.meta.dirname, '../..');

describe('backups and drills, as a person and as the bot do them', () => {
  let vault: TestVault;
  let s3: S3Client;
  beforeEach(async () => {
    vault = await startVault({ env: { VAULT_JOURNAL_SECONDS: '1' } });
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = vault.env;
    s3 = new S3Client({
      ...{ endpoint: vault.s3.endpoint, region: 'us-east-1', forcePathStyle: true },
      credentials: { accessKeyId, secretAccessKey },
    });
  });
  afterEach(async () => {
    s3.destroy();
    await vault.close();
  });

  function ask(query: string, readOnly = true): Array<Record<string, unknown>> {
    const database = new DatabaseSync(join(vault.dataDir, 'vault.db'), { readOnly, timeout: 5_000 });
    try {
      return database.prepare(query).all();
    } finally {
      database.close();
    }
  }
  const stored = (count: number) =>
    until(`${count} stored files, all told`, () => {
      const [row] = ask(`select (select count(*) from file where state = 'stored') as files,
        (select count(*) from journal_dirty) as untold`);
      return row?.files === count && row.untold === 0;
    });

  /** Runs a command line without any Slack credentials. */
  function run(
    program: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = Object.fromEntries(Object.entries(vault.env).filter(([name]) => !name.startsWith('SLACK_')));
    return new Promise((done) => {
      const words = [join(root, `src/cli/${program}.ts`), ...args];
      execFile(process.execPath, words, { env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }

  it('a running bot is drilled and backed up; a loss of the disk and of time is made good', async () => {
    const bot = await vault.startBot();
    const anna = vault.slack.as('anna');
    await anna.share('general', { name: 'one.txt', content: 'one' });
    await anna.share('general', { name: 'two.txt', content: 'two!' });
    await stored(2);
    const calm = await run('drill');
    expect(calm).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing differs.') });
    expect(calm.stdout).toContain('2 files');
    const file = join(vault.dir, 'kept/catalog.db');
    const made = await run('backup', file, '--json');
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ file, bytes: expect.any(Number) });
    const busy = await run('restore', file, '--replace');
    expect(busy.code).toBe(2);
    expect(busy.stderr).toContain('stop it');
    await anna.share('general', { name: 'three.txt', content: 'three' });
    await stored(3);
    await bot.stop();

    const full = await run('restore', file);
    expect(full).toMatchObject({ code: 2, stderr: expect.stringContaining('--replace') });
    rmSync(vault.dataDir, { recursive: true });
    const back = await run('restore', file);
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining('Since the backup') });
    expect(ask(`select name from file where state = 'stored' order by name`)).toHaveLength(3);

    // The bot does it by itself when its time has come, and finds what was planted.
    ask(
      `insert into chore (name, memo, due_at) values ('drill', '{}', 1)
      on conflict (name) do update set due_at = 1`,
      false,
    );
    const [gone, changed] = ask(`select object_key from file order by name`).map(({ object_key: key }) =>
      String(key),
    );
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: gone }));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: changed, Body: 'thrEe' }));
    const again = await vault.startBot();
    await until('the drill of the bot', () => again.log.some(({ code }) => code === 'drill_differs'));
    const named = again.log.filter(({ msg }) => String(msg).includes('would not come back'));
    // The log tells keys without the names of files.
    const told = (key: string | undefined) => key?.replace(/[^/]+$/, '…');
    expect(named.map(({ kind, what }) => [kind, what]).sort()).toEqual([
      ['object_bytes', told(changed)],
      ['object_missing', told(gone)],
    ]);
    const [row] = ask(`select memo, due_at from chore where name = 'drill'`);
    expect(JSON.parse(String(row?.memo))).toMatchObject({ last: { files: 3, read: 2 } });
    expect(Number(row?.due_at)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await until('the alert', () => ask(`select topic from trouble where topic = 'drill'`).length === 1);
    const alarmed = await run('drill');
    expect(alarmed.code).toBe(1);
    expect(alarmed.stdout).toContain(`${gone}: file `);
  });
});
