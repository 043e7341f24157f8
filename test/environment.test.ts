import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../src/environment.ts';
import { ConfigError } from '../src/errors.ts';
import { SECRETS } from '../src/settings.ts';

const dir = mkdtempSync(join(tmpdir(), 'vault-environment-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let made = 0;
function file(content: string | Buffer): string {
  const path = join(dir, `file-${made++}`);
  writeFileSync(path, content);
  return path;
}

/** What the vault reads where the process has this environment and no file of settings. */
const read = (env: Record<string, string>) => readEnvironment({ VAULT_ENV_FILE: '', ...env });

function problem(env: Record<string, string>): ConfigError {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a secret in a file', () => {
  it.each(SECRETS)('%s_FILE', (name) => {
    const variable = `${name}_FILE`;
    const secret = 'xoxb-of-a-file';
    expect(read({ [variable]: file(`${secret}\n`) })).toMatchObject({ [name]: secret });
    expect(problem({ [variable]: file(secret), [name]: 'xoxb-other' }).message).toBe(
      `${variable} and ${name} are both set: keep one of them.`,
    );
  });

  it.each([
    ['nothing at its end', 'secret'],
    ['a line break', 'secret\n'],
    ['one of Windows, and an empty line', 'secret\r\n\r\n'],
    ['a byte order mark', '\uFEFFsecret\n'],
    ['spaces around it', '  secret \n'],
  ])('may have %s', (_, content) => {
    expect(read({ DATABASE_URL_FILE: file(content) }).DATABASE_URL).toBe('secret');
  });

  it('is read once: what is started from here gets the secret alone', () => {
    const env = read({ SLACK_BOT_TOKEN_FILE: file('xoxb-1') });
    expect(env).not.toHaveProperty('SLACK_BOT_TOKEN_FILE');
    expect(readEnvironment(env).SLACK_BOT_TOKEN).toBe('xoxb-1');
  });

  it('may stand beside an empty variable, and an empty name counts as none', () => {
    const env = read({ SLACK_BOT_TOKEN: '', SLACK_BOT_TOKEN_FILE: file('xoxb-1'), DATABASE_URL_FILE: ' ' });
    expect(env.SLACK_BOT_TOKEN).toBe('xoxb-1');
    expect(env.DATABASE_URL).toBeUndefined();
  });

  it('does not go with the proxy’s name in lower case, which would win', () => {
    const error = problem({ HTTPS_PROXY_FILE: file('http://a:b@proxy'), https_proxy: 'http://proxy' });
    expect(error.message).toBe('HTTPS_PROXY_FILE and https_proxy are both set: keep one of them.');
  });

  const folder = join(dir, 'folder');
  mkdirSync(folder);
  it.each<[string, string, RegExp]>([
    ['is not there', join(dir, 'no-such-secret'), /no file is there/],
    ['is below a file', join(file('x'), 'secret'), /no file is there/],
    ['is a folder', folder, /a folder/],
    ['is empty', file(''), /empty/],
    ['holds only line breaks', file('\n\r\n'), /empty/],
    ['holds two lines', file('xoxb-secret\nxoxb-secret'), /one line/],
    ['holds what PowerShell writes', file(Buffer.from('\uFEFFxoxb-secret', 'utf16le')), /plain text/],
    ['holds bytes', file(Buffer.from([0xff, 0xfe, 0xfd])), /plain text/],
    ['has no end', '/dev/zero', /too long/],
    ['is the secret itself', `xoxb-secret${'t'.repeat(300)}`, /no path/],
    ['is the secret itself, and short', 'xoxb-secret', /no file is there/],
  ])('that %s: one sentence, without path or secret', (_, path, expected) => {
    const error = problem({ SLACK_BOT_TOKEN_FILE: path });
    const { message, variable } = error;
    expect(variable).toBe('SLACK_BOT_TOKEN_FILE');
    expect(message).toMatch(/^SLACK_BOT_TOKEN_FILE [^\n]+\.$/);
    expect(message).toMatch(expected);
    // Nor what a log line would show of it.
    expect(inspect(error)).not.toMatch(/xoxb|secrett/);
    expect(message).not.toContain(dir);
  });

  it('that this user may not read', () => {
    const path = file('xoxb-1');
    chmodSync(path, 0);
    // The superuser may read everything.
    const root = process.geteuid?.() === 0;
    if (root) process.seteuid?.(65_534);
    try {
      expect(problem({ SLACK_BOT_TOKEN_FILE: path }).message).toMatch(/may not read it \(EACCES\)/);
    } finally {
      if (root) process.seteuid?.(0);
    }
  });
});

describe('the file of settings', () => {
  const withFile = (content: string, env: Record<string, string> = {}) =>
    readEnvironment({ VAULT_ENV_FILE: file(content), ...env });

  it('fills in what the environment does not have', () => {
    const env = withFile('# mine\nVAULT_BUCKET="files"\nVAULT_PREFIX=a\nVAULT_TRASH_DAYS=1 # short\n', {
      VAULT_PREFIX: 'b',
    });
    expect(env).toMatchObject({ VAULT_BUCKET: 'files', VAULT_PREFIX: 'b', VAULT_TRASH_DAYS: '1' });
  });

  it('may name secrets’ files, and be one of Windows', () => {
    const env = withFile(`\uFEFFSLACK_BOT_TOKEN_FILE=${file('xoxb-1\r\n')}\r\nVAULT_BUCKET=files\r\n`);
    expect(env).toMatchObject({ SLACK_BOT_TOKEN: 'xoxb-1', VAULT_BUCKET: 'files' });
  });

  it.each([
    ['is not there', join(dir, 'none.env'), /ENOENT\): make it/],
    ['is a folder', dir, /EISDIR\): it is a folder/],
  ])('that %s, though it is named: one sentence', (_, path, expected) => {
    const error = problem({ VAULT_ENV_FILE: path });
    expect(error.variable).toBe('VAULT_ENV_FILE');
    expect(error.message).toMatch(expected);
  });

  it('cannot set what Node reads before', () => {
    expect(() => withFile('NODE_OPTIONS=--max-old-space-size=512\n')).toThrow(/^NODE_OPTIONS has no effect/);
    const env = { NODE_OPTIONS: '--no-warnings' };
    expect(withFile('NODE_OPTIONS=--max-old-space-size=512\n', env)).toMatchObject(env);
  });
});

it('takes the tokens that Slack’s command line hands over, before others', () => {
  const env = { SLACK_CLI_XOXB: 'xoxb-cli', SLACK_CLI_XAPP: 'xapp-cli', SLACK_BOT_TOKEN: 'xoxb-mine' };
  expect(read({ ...env, SLACK_APP_TOKEN_FILE: '/none' })).toMatchObject({
    SLACK_BOT_TOKEN: 'xoxb-cli',
    SLACK_APP_TOKEN: 'xapp-cli',
  });
});
