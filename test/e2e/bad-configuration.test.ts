import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBot, startVault, type TestVault } from '../helpers/vault.ts';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

describe('bad configuration stops the start with exit code 2 and one sentence', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.close());

  it.each<[string, string, Record<string, string>]>([
    ['no bucket named', 'VAULT_BUCKET', { VAULT_BUCKET: '' }],
    ['a bucket that is not there', 'VAULT_BUCKET', { VAULT_BUCKET: 'no-such-bucket' }],
    ['a wrong bot token', 'SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-wrong' }],
    ['a wrong app token', 'SLACK_APP_TOKEN', { SLACK_APP_TOKEN: 'xapp-wrong' }],
    ['Slack out of reach', 'SLACK_API_URL', { SLACK_API_URL: `${NOWHERE}/api/` }],
    ['a bucket out of reach', 'AWS_ENDPOINT_URL_S3', { AWS_ENDPOINT_URL_S3: NOWHERE }],
    ['wrong S3 credentials', 'AWS_ACCESS_KEY_ID', { AWS_SECRET_ACCESS_KEY: 'wrong' }],
    ['a bad number', 'VAULT_LINK_MINUTES', { VAULT_LINK_MINUTES: 'five' }],
    [
      'a database out of reach',
      'DATABASE_URL',
      { DATABASE_URL: 'postgres://vault:s3cret@127.0.0.1:1/vault' },
    ],
    ['a data directory that cannot be made', 'VAULT_DATA_DIR', { VAULT_DATA_DIR: '/dev/null/data' }],
  ])('%s', async (_, variable, env) => {
    const { code, stderr } = await runBot({ ...vault.env, ...env });
    expect(code).toBe(2);
    expect(stderr).toContain(variable);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('s3cret');
  });

  it('a scope that was not granted, named', async () => {
    const { slack, env } = vault;
    const bot = slack.app.manifest.oauth_config?.scopes?.bot as string[];
    const granted = [...bot];
    bot.splice(bot.indexOf('files:read'), 1);
    try {
      const { code, stderr } = await runBot(env);
      expect(code).toBe(2);
      expect(stderr).toMatch(/SLACK_BOT_TOKEN lacks the scope files:read/);
    } finally {
      bot.splice(0, bot.length, ...granted);
    }
  });

  it('a second bot on the same data directory', async () => {
    const bot = await vault.startBot();
    const { code, stderr } = await runBot(vault.env);
    expect(code).toBe(2);
    expect(stderr).toContain('VAULT_DATA_DIR');
    await bot.kill();
  });
});
