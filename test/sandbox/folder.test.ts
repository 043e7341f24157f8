import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { botEnv, botEnvFile } from '../../sandbox/bot-env.ts';
import { LockedError, lockFolder } from '../../sandbox/lock.ts';
import { sandboxOptions } from '../../sandbox/options.ts';
import { freePort } from '../../sandbox/ports.ts';
import { keepPrivate } from '../../sandbox/private.ts';
import { sandboxTokens } from '../../sandbox/tokens.ts';
import { readEnvironment } from '../../src/environment.ts';

const RESET = fileURLToPath(new URL('../../sandbox/reset.ts', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vault-folder-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('options', () => {
  test('have defaults', () => {
    const defaults = { port: 3100, dir: resolve('data/sandbox'), mode: 'socket', dialects: [] };
    expect(sandboxOptions({})).toEqual(defaults);
    const env = {
      SANDBOX_PORT: '0',
      SANDBOX_DIR: dir,
      SANDBOX_MODE: 'http',
      SANDBOX_STORE: 'ceph,no-delete',
      SANDBOX_ORG: '1',
    };
    expect(sandboxOptions(env)).toEqual({
      port: 0,
      dir,
      mode: 'http',
      dialects: ['ceph', 'no-delete'],
      org: true,
    });
    // An organisation does not open what one workspace left behind.
    expect(sandboxOptions({ SANDBOX_ORG: '1' }).dir).toBe(resolve('data/sandbox-org'));
  });

  test.each([
    { SANDBOX_PORT: 'x' },
    { SANDBOX_PORT: '70000' },
    { SANDBOX_PORT: '1.5' },
    { SANDBOX_MODE: 'rtm' },
    { SANDBOX_ORG: 'yes' },
    { SANDBOX_STORE: 'aws,ceph' },
  ])('%j is refused by name', (env) =>
    expect(() => sandboxOptions(env)).toThrow(new RegExp(`^${Object.keys(env)[0]} must be`)),
  );
});

describe('the lock', () => {
  test('lets one process in at a time, then the next', () => {
    const lock = lockFolder(dir);
    expect(() => lockFolder(dir)).toThrow(LockedError);
    lock.release();
    lockFolder(dir).release();
  });
});

describe('sandbox:reset', () => {
  const reset = () =>
    spawnSync(process.execPath, [RESET], { env: { ...process.env, SANDBOX_DIR: dir }, encoding: 'utf8' });

  test('removes what the sandbox made, and nothing else', async () => {
    await mkdir(join(dir, 'slack', 'files'), { recursive: true });
    await writeFile(join(dir, 'tokens.json'), '{}');
    await writeFile(join(dir, 'thesis.txt'), 'mine');
    const { status, stdout } = reset();
    expect([status, stdout]).toEqual([0, expect.stringContaining('is empty')]);
    expect(['slack', 'tokens.json', 'thesis.txt'].map((name) => existsSync(join(dir, name)))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('refuses while a sandbox runs', async () => {
    await writeFile(join(dir, 'tokens.json'), '{}');
    const lock = lockFolder(dir);
    const { status, stderr } = reset();
    lock.release();
    expect([status, stderr]).toEqual([1, expect.stringContaining('stop it first')]);
    expect(existsSync(join(dir, 'tokens.json'))).toBe(true);
  });
});

test('tokens are made once, for the owner alone, and look like what they are', async () => {
  const tokens = await sandboxTokens(dir);
  expect(await sandboxTokens(dir)).toEqual(tokens);
  expect(tokens.botToken).toMatch(/^xoxb-sandbox-/);
  expect(tokens.appToken).toMatch(/^xapp-sandbox-/);
  expect((await stat(join(dir, 'tokens.json'))).mode & 0o077).toBe(0);
  expect(JSON.parse(await readFile(join(dir, 'tokens.json'), 'utf8'))).toEqual(tokens);
});

test('a taken port gives way to the next free one', async () => {
  const server = createServer();
  const taken = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port));
  });
  expect(await freePort(taken)).toBeGreaterThan(taken);
  server.close();
});

describe("the bot's environment", () => {
  const around = {
    ...{
      slackApiUrl: 'http://127.0.0.1:1/api/',
      s3Endpoint: 'http://127.0.0.1:2',
      bucket: 'b',
      dataDir: '/d',
      port: 3,
    },
    tokens: {
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
      signingSecret: 's',
      s3AccessKeyId: 'k',
      s3SecretAccessKey: 'x',
    },
  };
  const real = {
    ...{ PATH: '/bin', VAULT_TRASH_DAYS: '3', SLACK_BOT_TOKEN: 'xoxb-real', SLACK_SIGNING_SECRET: 'real' },
    ...{ AWS_PROFILE: 'real', AWS_SESSION_TOKEN: 'real', DATABASE_URL: 'postgres://real', PGHOST: 'real' },
    ...{ HTTPS_PROXY: 'http://real:1', http_proxy: 'http://real:1', NO_PROXY: 'real' },
    ...{ VAULT_BUCKET: 'real', VAULT_PREFIX: 'real', SANDBOX_PORT: '1' },
  };

  test('points at the sandbox everywhere, and lets policy through', () => {
    const env = botEnv(real, { ...around, mode: 'socket' });
    expect(Object.values(env)).not.toContain('real');
    expect(JSON.stringify(env)).not.toContain('real');
    expect(env).toMatchObject({
      PATH: '/bin',
      VAULT_TRASH_DAYS: '3',
      VAULT_SWEEP_MINUTES: '1',
      VAULT_VERSION_QUIET_SECONDS: '5',
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      HOST: '127.0.0.1',
    });
    expect(env).not.toHaveProperty('SLACK_SIGNING_SECRET');
    const slower = botEnv({ VAULT_SWEEP_MINUTES: '60' }, { ...around, mode: 'socket' });
    expect(slower.VAULT_SWEEP_MINUTES).toBe('60');
  });

  test('as a file of settings is the sandbox’s alone, with its policy', () => {
    const settings = parseEnv(botEnvFile(real, { ...around, mode: 'socket' }));
    expect(settings).toMatchObject({ SLACK_BOT_TOKEN: 'xoxb-1', VAULT_BUCKET: 'b', VAULT_TRASH_DAYS: '3' });
    expect(Object.values(settings)).not.toContain('real');
    expect(settings).not.toHaveProperty('PATH');
  });

  test.each(["it's", "`it's`", '"a" \'b\'', 'a # b', ' \\n '])(
    'as a file of settings keeps %j as it is',
    (value) => {
      const text = botEnvFile({ VAULT_REACTION: value }, { ...around, mode: 'socket' });
      expect(parseEnv(text).VAULT_REACTION).toBe(value);
    },
  );

  test('a value that no quotes can hold is one sentence', () => {
    for (const value of ['"`\'', 'a\r\nb'])
      expect(() => botEnvFile({ VAULT_REACTION: value }, { ...around, mode: 'socket' })).toThrow(
        /^VAULT_REACTION cannot be written/,
      );
  });

  test('as a file of settings lets no command line leave the sandbox', async () => {
    const file = join(dir, 'bot.env');
    await writeFile(file, botEnvFile(real, { ...around, mode: 'socket' }));
    const read = (env: NodeJS.ProcessEnv) => readEnvironment({ VAULT_ENV_FILE: file, ...env });
    for (const name of ['DATABASE_URL', 'AWS_PROFILE', 'VAULT_BUCKET', 'SLACK_BOT_TOKEN_FILE', 'PGHOST'])
      expect(() => read({ [name]: 'real' })).toThrow(new RegExp(`^${name} is set in the environment`));
    // An empty one would count, too, where the file has a value.
    expect(() => read({ AWS_ENDPOINT_URL_S3: '' })).toThrow(/^AWS_ENDPOINT_URL_S3 is set/);
    const fine = { VAULT_BUCKET: 'b', DATABASE_URL: '', VAULT_TRASH_DAYS: '9', HTTPS_PROXY: 'http://real:1' };
    const env = read(fine);
    expect(env).toMatchObject({ VAULT_BUCKET: 'b', VAULT_TRASH_DAYS: '9', SLACK_BOT_TOKEN: 'xoxb-1' });
    expect(env).not.toHaveProperty('HTTPS_PROXY');
    expect(env).not.toHaveProperty('SANDBOX_ONLY_HERE');
    // The doctor goes on, with nothing that leads away.
    const told: string[] = [];
    const doctors = { VAULT_ENV_FILE: file, DATABASE_URL: 'real', VAULT_BUCKET: 'real' };
    readEnvironment(doctors, ({ variable }) => void told.push(variable));
    expect([told, doctors]).toMatchObject([['DATABASE_URL', 'VAULT_BUCKET'], { VAULT_BUCKET: 'b' }]);
    expect(doctors).not.toHaveProperty('DATABASE_URL');
  });

  test('in HTTP mode has a signing secret and no app token', () => {
    const env = botEnv(real, { ...around, mode: 'http' });
    expect(env.SLACK_SIGNING_SECRET).toBe('s');
    expect(env).not.toHaveProperty('SLACK_APP_TOKEN');
  });
});

test('what a sandbox keeps is only for the person who started it, also what an older one left open', async () => {
  await mkdir(join(dir, 'slack'), { mode: 0o755 });
  await writeFile(join(dir, 'tokens.json'), '{}', { mode: 0o644 });
  keepPrivate(dir);
  const rights = async (name: string) => (await stat(join(dir, name))).mode & 0o777;
  for (const name of ['slack', 's3', 'vault', 'page']) expect(await rights(name)).toBe(0o700);
  expect(await rights('tokens.json')).toBe(0o600);
});
