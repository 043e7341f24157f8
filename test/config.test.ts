import { describe, expect, it } from 'vitest';
import { drillSettings, hasSlackCredentials, isLoopback, loadConfig } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';

const good = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', VAULT_BUCKET: 'files' };

function problem(env: Record<string, string | undefined>): ConfigError {
  try {
    loadConfig({ ...good, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('which channels are joined, and what is said there', () => {
  const policy = (env: Record<string, string>) => loadConfig({ ...good, ...env }).policy;

  it('is nothing by itself, with a hello, and everybody’s files, unless the owner says otherwise', () => {
    expect(policy({})).toMatchObject({ join: 'off', joinExcept: [], hello: true, external: 'keep' });
    const own = { VAULT_JOIN: 'ALL', VAULT_JOIN_EXCEPT: '#random, legal-* C0ABC', VAULT_HELLO: 'off' };
    expect(policy({ ...own, VAULT_EXTERNAL: 'record' })).toMatchObject({
      ...{ join: 'all', joinExcept: ['#random', 'legal-*', 'C0ABC'], hello: false, external: 'record' },
    });
  });

  it.each([
    ['VAULT_JOIN', 'yes'],
    ['VAULT_JOIN_EXCEPT', 'a.b'],
    ['VAULT_JOIN_EXCEPT', '#'],
    ['VAULT_HELLO', 'loud'],
    ['VAULT_EXTERNAL', 'never'],
  ])('%s=%s is refused with a sentence', (name, value) => {
    expect(problem({ [name]: value })).toMatchObject({
      variable: name,
      message: expect.stringContaining(value),
    });
  });
});

describe('configuration', () => {
  it('needs three variables and fills in the rest', () => {
    const config = loadConfig(good);
    expect(config.slack).toEqual({
      botToken: 'xoxb-1',
      receiver: { mode: 'socket', appToken: 'xapp-1' },
      apiUrl: 'https://slack.com/api/',
    });
    expect(config.http).toEqual({ port: 3000, host: '0.0.0.0' });
    expect(config.bucket).toEqual({ bucket: 'files', prefix: '', pathStyle: false });
    expect(config.policy).toMatchObject({
      trashDays: 30,
      linkMinutes: 5,
      confirm: 'thread',
      onSlackDelete: 'keep',
      onUnshare: 'hide',
    });
    expect(config.captureConcurrency).toBe(8);
    expect(config.sweepMinutes).toBe(60);
    expect(config.newCatalog).toBe(false);
    expect(loadConfig({ ...good, VAULT_NEW_CATALOG: '1' }).newCatalog).toBe(true);
    expect(config.policy.versionQuietMs).toBe(600_000);
    expect(config.auditLog).toBe('off');
    expect(loadConfig({ ...good, VAULT_AUDIT_LOG: 'stdout' }).auditLog).toBe('stdout');
    expect(problem({ VAULT_AUDIT_LOG: 'file' }).variable).toBe('VAULT_AUDIT_LOG');
    expect(config.policy.drillDays).toBe(7);
  });

  it('reads how often and how much a drill reads, and refuses what is no number', () => {
    expect(drillSettings({})).toEqual({ days: 7, readBytes: null });
    expect(drillSettings({ VAULT_DRILL_DAYS: '0', VAULT_DRILL_READ_GB: '0.5' })).toEqual({
      ...{ days: 0, readBytes: 500_000_000 },
    });
    expect(() => drillSettings({ VAULT_DRILL_READ_GB: 'all' })).toThrow('VAULT_DRILL_READ_GB');
    expect(() => drillSettings({ VAULT_DRILL_DAYS: '400' })).toThrow('VAULT_DRILL_DAYS');
  });

  it('uses HTTP where there is a signing secret and no app token', () => {
    const { slack } = loadConfig({ ...good, SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 's3cret' });
    expect(slack.receiver).toEqual({ mode: 'http', signingSecret: 's3cret' });
  });

  it('gives metrics a place of their own only where one is named', () => {
    expect(loadConfig({ ...good, VAULT_METRICS_PORT: '9090', HOST: '127.0.0.1' }).http.metrics).toEqual({
      port: 9090,
      host: '127.0.0.1',
    });
    expect(loadConfig({ ...good, VAULT_METRICS_HOST: '10.0.0.5' }).http.metrics).toEqual({
      port: 3000,
      host: '10.0.0.5',
    });
    expect(problem({ VAULT_METRICS_PORT: '70000' }).variable).toBe('VAULT_METRICS_PORT');
  });

  it('looks into files only where that is asked for', () => {
    expect(loadConfig(good).policy.text).toBe('all');
    for (const text of ['all', 'words', 'off'])
      expect(loadConfig({ ...good, VAULT_TEXT: text }).policy.text).toBe(text);
    expect(loadConfig({ ...good, VAULT_TEXT: 'contents' }).policy.text).toBe('contents');
    expect(problem({ VAULT_TEXT: 'yes' }).variable).toBe('VAULT_TEXT');
  });

  it('reads gently, no pictures, and draws first pages, unless told otherwise', () => {
    expect(loadConfig(good).reading).toEqual({ percent: 50, older: 'always', ocr: [], previews: true });
    const given = { VAULT_READ_PERCENT: '10', VAULT_READ_OLDER: 'nights', VAULT_PREVIEWS: 'off' };
    expect(loadConfig({ ...good, ...given, VAULT_OCR: 'off' }).reading).toEqual({
      ...{ percent: 10, older: 'nights', ocr: [], previews: false },
    });
    for (const [name, value] of [
      ['VAULT_READ_PERCENT', '0'],
      ['VAULT_READ_OLDER', 'sometimes'],
      ['VAULT_OCR', 'English'],
      ['VAULT_PREVIEWS', 'yes'],
    ] as const)
      expect(problem({ [name]: value }).variable).toBe(name);
  });

  it('names the packages that a language of pictures lacks', () => {
    const { variable, message } = problem({ VAULT_OCR: 'eng,xyz' });
    expect(variable).toBe('VAULT_OCR');
    expect(message).toContain('npm install --no-save');
    expect(message).toContain('@tesseract.js-data/xyz');
  });

  it('has a malware scanner only where one is named, and blocks what it cannot check', () => {
    expect(loadConfig({ ...good, VAULT_SCAN_UNSCANNED: 'allow' }).policy.scan).toBeUndefined();
    expect(loadConfig({ ...good, VAULT_SCAN: 'clamd://scanner' }).policy.scan).toEqual({
      address: { kind: 'tcp', host: 'scanner', port: 3310 },
      unscanned: 'block',
      againDays: 7,
    });
    expect(problem({ VAULT_SCAN: 'http://scanner' }).message).toContain('clamd://host:3310');
    expect(problem({ VAULT_SCAN: 'clamd://s', VAULT_SCAN_UNSCANNED: 'wait' }).variable).toBe(
      'VAULT_SCAN_UNSCANNED',
    );
    expect(problem({ VAULT_SCAN: 'clamd://s', VAULT_SCAN_AGAIN_DAYS: '-1' }).variable).toBe(
      'VAULT_SCAN_AGAIN_DAYS',
    );
  });

  it('takes an IPv6 address to listen on, in brackets or without', () => {
    expect(loadConfig({ ...good, HOST: '[::]' }).http.host).toBe('::');
    expect(loadConfig({ ...good, VAULT_METRICS_HOST: '[::1]' }).http.metrics?.host).toBe('::1');
  });

  it('reads the proxies, and refuses what is none', () => {
    const { proxies } = loadConfig({ ...good, HTTPS_PROXY: 'http://user:pass@proxy:3128' });
    expect(proxies.https).toMatchObject({ origin: 'http://proxy:3128', variable: 'HTTPS_PROXY' });
    expect(problem({ http_proxy: 'socks5://proxy' }).variable).toBe('http_proxy');
  });

  it('reads lists, prefixes and flags the way people write them', () => {
    const config = loadConfig({
      ...good,
      VAULT_ADMINS: 'U012, W345',
      VAULT_EXCLUDE_TYPES: '.ZIP mov',
      VAULT_PREFIX: '/slack/vault/',
      VAULT_S3_PATH_STYLE: '1',
    });
    expect([...config.policy.admins]).toEqual(['U012', 'W345']);
    expect([...config.policy.excludeTypes]).toEqual(['zip', 'mov']);
    expect(config.bucket).toEqual({ bucket: 'files', prefix: 'slack/vault', pathStyle: true });
  });

  it('reads what each write to the bucket asks for, and how links reach it', () => {
    const { bucket } = loadConfig({
      ...good,
      VAULT_S3_SSE_KMS_KEY_ID:
        'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      VAULT_S3_STORAGE_CLASS: 'GLACIER_IR',
      VAULT_S3_TAGS: 'team=legal + co, cost=4711,equation=a=b,empty=',
      VAULT_S3_EXPECTED_OWNER: '111122223333',
      VAULT_S3_TRAILERS: 'off',
      VAULT_LINK_ENDPOINT: 'https://files.example.com/s3/',
    });
    expect(bucket).toMatchObject({
      kmsKeyId: expect.stringMatching(/^arn:aws:kms:.*:key.1234abcd-/),
      storageClass: 'GLACIER_IR',
      tags: { team: 'legal + co', cost: '4711', equation: 'a=b', empty: '' },
      expectedOwner: '111122223333',
      trailers: false,
      linkEndpoint: 'https://files.example.com/s3',
    });
    expect(loadConfig({ ...good, VAULT_S3_TRAILERS: 'auto' }).bucket).not.toHaveProperty('trailers');
  });

  it.each([
    'arn:aws:s3:eu-central-1:123456789012:accesspoint/vault-ap',
    'arn:aws:s3:eu-central-1:123456789012:accesspoint:vault-ap',
    'arn:aws-us-gov:s3:us-gov-west-1:123456789012:accesspoint/vault-ap',
    'vault-ap-ekh4abc-s3alias',
  ])('takes an access point as AWS shows it: %s', (name) => {
    expect(loadConfig({ ...good, VAULT_BUCKET: name }).bucket.bucket).toBe(name);
  });

  it.each([
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: undefined }],
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxp-1' }],
    // Tokens that end after 12 hours, and what renews them.
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxe.xoxb-1-abc' }],
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxe-1-abc' }],
    ['SLACK_APP_TOKEN', { SLACK_APP_TOKEN: 'xoxb-1' }],
    ['SLACK_APP_TOKEN', { SLACK_APP_TOKEN: undefined }],
    ['SLACK_API_URL', { SLACK_API_URL: 'http://slack.example/api' }],
    ['SLACK_API_URL', { SLACK_API_URL: 'nonsense' }],
    ['VAULT_BUCKET', { VAULT_BUCKET: ' ' }],
    ['VAULT_BUCKET', { VAULT_BUCKET: 's3://files' }],
    ['VAULT_BUCKET', { VAULT_BUCKET: 'arn:aws:s3:::files' }],
    ['VAULT_BUCKET', { VAULT_BUCKET: 'arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap' }],
    ['VAULT_BUCKET', { VAULT_BUCKET: 'arn:aws:s3-object-lambda:eu-central-1:123456789012:accesspoint/x' }],
    [
      'VAULT_S3_PATH_STYLE',
      {
        VAULT_BUCKET: 'arn:aws:s3:eu-central-1:123456789012:accesspoint/vault-ap',
        VAULT_S3_PATH_STYLE: '1',
      },
    ],
    ['VAULT_S3_SSE_KMS_KEY_ID', { VAULT_S3_SSE_KMS_KEY_ID: 'my key' }],
    ['VAULT_S3_STORAGE_CLASS', { VAULT_S3_STORAGE_CLASS: 'DEEP_ARCHIVE' }],
    ['VAULT_S3_STORAGE_CLASS', { VAULT_S3_STORAGE_CLASS: 'glacier' }],
    ['VAULT_S3_STORAGE_CLASS', { VAULT_S3_STORAGE_CLASS: 'STANDARD IA' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: 'team' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: '=legal' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: 'a=1,a=2' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: 'aws:team=1' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: 'a=<b>' }],
    ['VAULT_S3_TAGS', { VAULT_S3_TAGS: Array.from({ length: 11 }, (_, i) => `t${i}=1`).join() }],
    ['VAULT_S3_EXPECTED_OWNER', { VAULT_S3_EXPECTED_OWNER: 'me' }],
    ['VAULT_S3_TRAILERS', { VAULT_S3_TRAILERS: 'never' }],
    ['VAULT_LINK_ENDPOINT', { VAULT_LINK_ENDPOINT: 'files.example.com' }],
    ['VAULT_LINK_ENDPOINT', { VAULT_LINK_ENDPOINT: 'https://me:pass@files.example.com' }],
    ['VAULT_LINK_ENDPOINT', { VAULT_LINK_ENDPOINT: 'https://files.example.com/?a=b' }],
    ['PORT', { PORT: '80a' }],
    ['PORT', { PORT: '70000' }],
    ['VAULT_TRASH_DAYS', { VAULT_TRASH_DAYS: '-1' }],
    ['VAULT_LINK_MINUTES', { VAULT_LINK_MINUTES: '20000' }],
    ['VAULT_CAPTURE_CONCURRENCY', { VAULT_CAPTURE_CONCURRENCY: '0' }],
    ['VAULT_MAX_FILE_BYTES', { VAULT_MAX_FILE_BYTES: '1e9' }],
    ['VAULT_PRICE_PER_GB', { VAULT_PRICE_PER_GB: '2 cents' }],
    ['VAULT_CONFIRM', { VAULT_CONFIRM: 'loudly' }],
    ['VAULT_ON_SLACK_DELETE', { VAULT_ON_SLACK_DELETE: 'maybe' }],
    ['VAULT_ADMINS', { VAULT_ADMINS: 'anna' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://vault:100%@db/vault' }],
  ])('%s: says in one sentence what is wrong and what to do (%j)', (variable, env) => {
    const error = problem(env);
    expect(error.variable).toBe(variable);
    expect(error.message).toContain(variable);
    expect(error.message).toMatch(/\.$/);
    expect(error.message).not.toContain('\n');
  });

  it('opens the sandbox only where no Slack variable is set at all', () => {
    expect(hasSlackCredentials({})).toBe(false);
    expect(hasSlackCredentials({ SLACK_SIGNING_SECRET: 'x' })).toBe(true);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['[::1]', true],
    ['127.0.0.1.evil.example', false],
    ['10.0.0.1', false],
  ])('%s is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected));
});
