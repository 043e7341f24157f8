/** `npm run doctor` beside a running bot, and *Check everything* in it. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Line } from '../../src/doctor/check.ts';
import { type Bot, BUCKET, startVault, type TestVault, until } from '../helpers/vault.ts';

const PROGRAM = resolve(import.meta.dirname, '../../src/cli/doctor.ts');

let vault: TestVault;
let bot: Bot;
beforeAll(async () => {
  vault = await startVault();
  mkdirSync(vault.dataDir, { mode: 0o755 });
  bot = await vault.startBot({ VAULT_ADMINS: vault.slack.as('carla').id });
});
afterAll(() => vault.close());

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program in a folder without an `.env`. */
function doctor(args: string[], env: Record<string, string> = vault.env): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [PROGRAM, ...args],
      { cwd: vault.dir, env },
      (_, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    );
  });
}

it('looks beside a running bot, which goes on as before', async () => {
  const sockets = vault.slack.calls.count('apps.connections.open');
  const { code, stdout } = await doctor(['--json'], {
    ...vault.env,
    ...{ PORT: String(bot.port), VAULT_TEXT: 'contents' },
  });
  const { fail, checks } = JSON.parse(stdout) as { fail: number; checks: Line[] };
  expect([code, fail, checks.filter(({ state }) => state === 'fail')]).toEqual([0, 0, []]);
  expect(checks.find(({ id }) => id === 'bot')).toMatchObject({
    state: 'ok',
    says: expect.stringContaining('2 connections'),
  });
  expect(checks.find(({ id }) => id === 'reading')).toMatchObject({ state: 'ok' });
  expect(vault.slack.calls.count('apps.connections.open')).toBe(sockets + 1);
  await vault.slack.as('anna').share('general', { name: 'after.txt', content: 'after the look' });
  await until('the file', async () =>
    (await vault.s3.list(BUCKET)).some(({ key }) => key.endsWith('/after.txt')),
  );
  expect((await vault.s3.list(BUCKET)).filter(({ key }) => key.includes('doctor'))).toEqual([]);
});

it('the start writes into the log what is not well with the machine', async () => {
  const line = await until('the line', () => bot.log.find(({ check }) => check === 'folder'));
  expect(line).toMatchObject({
    level: 'warn',
    code: 'check_warn',
    msg: expect.stringContaining('chmod 700'),
  });
});

it('ends with 1 when something fails, with nothing set too, and with 2 for an unknown option', async () => {
  const nothing = await doctor([], {
    PATH: vault.env.PATH ?? '',
    SLACK_API_URL: 'http://127.0.0.1:1/',
    PORT: '1',
  });
  expect(nothing.code).toBe(1);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'VAULT_BUCKET'])
    expect(nothing.stdout).toMatch(new RegExp(`^FAILED +settings\\.${name} `, 'm'));
  expect(await doctor(['--jason'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--help'),
  });
});

it('admins press a button below /vault status, and read what is wrong and what to do', async () => {
  vault.s3.faults.add({ operation: 'AbortMultipartUpload', do: { status: 403, code: 'AccessDenied' } });
  const carla = vault.slack.as('carla');
  const own = () => carla.messages('general').filter(({ ephemeral }) => ephemeral);
  await carla.command('general', '/vault status');
  const status = await carla.waitFor(() =>
    own().find((one) => JSON.stringify(one.blocks).includes('check_everything')),
  );
  await carla.action(status, 'check_everything');
  const told = await carla.waitFor(() => own().find(({ text }) => text?.includes('not looked at')));
  const words = JSON.stringify(told.blocks);
  expect(words).toContain('`bucket.abort`');
  expect(words).toContain('→ Optional: without s3:AbortMultipartUpload');
  expect(words).not.toMatch(/:x: `(?!.*bucket)/);
  const anna = vault.slack.as('anna');
  await anna.command('general', '/vault status');
  const hers = await anna.waitFor(() => anna.messages('general').findLast(({ ephemeral }) => ephemeral));
  expect(JSON.stringify(hers.blocks)).not.toContain('check_everything');
});
