import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBot, startVault, type TestVault } from '../helpers/vault.ts';

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
    ['an address of the store that is none', 'AWS_ENDPOINT_URL_S3', { AWS_ENDPOINT_URL_S3: 's3 example' }],
    ['wrong S3 credentials', 'AWS_ACCESS_KEY_ID', { AWS_SECRET_ACCESS_KEY: 'wrong' }],
    ['a bad number', 'VAULT_LINK_MINUTES', { VAULT_LINK_MINUTES: 'five' }],
    ['an address of the database that is none', 'DATABASE_URL', { DATABASE_URL: 'mysql://vault:s3cret@db' }],
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

  it.each(['account_inactive', 'token_revoked'])('a token that Slack has ended (%s)', async (error) => {
    const fault = vault.slack.faults.api('auth.test', { error });
    const { code, stderr } = await runBot(vault.env).finally(() => fault.remove());
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`SLACK_BOT_TOKEN \\(${error}\\)`));
  });

  it.each(['missing_scope', 'not_allowed_token_type', 'token_revoked'])(
    'an app token that Slack refuses (%s)',
    async (error) => {
      const fault = vault.slack.faults.api('apps.connections.open', { error });
      const { code, stderr } = await runBot(vault.env).finally(() => fault.remove());
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('SLACK_APP_TOKEN') });
    },
  );

  it('an app token that Slack refuses after it was busy', async () => {
    const { faults } = vault.slack;
    const busy = faults.api('apps.connections.open', { error: 'internal_error' }, 2);
    const refused = faults.api('apps.connections.open', { error: 'token_revoked' });
    const { code, stderr } = await runBot(vault.env).finally(() => refused.remove());
    busy.remove();
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('SLACK_APP_TOKEN') });
  });

  it('a second bot on the same data directory', async () => {
    const bot = await vault.startBot();
    const { code, stderr } = await runBot(vault.env);
    expect(code).toBe(2);
    expect(stderr).toContain('VAULT_DATA_DIR');
    await bot.kill();
  });
});
