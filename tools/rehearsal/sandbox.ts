/** A sandbox to rehearse in: its Slack with the app of `manifest.yml`, its S3, and a person who does what is asked. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type S3Options, type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import type { PageMessage } from '../../sandbox/slack/page-api.ts';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { CHECKS } from '../../src/rehearse/checks/index.ts';
import type { People } from '../../src/rehearse/people.ts';
import { type Rehearsal, type RehearsalOptions, rehearse, type Times } from '../../src/rehearse/rehearse.ts';

const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };
const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
export const BUCKET = 'vault-bucket';

/** The sandbox waits for nobody, so neither does a rehearsal in it. */
const QUICK: Times = {
  eventMs: 5_000,
  settleMs: 60,
  postEveryMs: 0,
  botMs: 100_000,
  personMs: 5_000,
  againMs: 5_000,
};

export interface Surroundings {
  slack: SandboxSlack;
  s3: S3Server;
  /** What the owner would have set. */
  env: Record<string, string>;
  person: People;
  /** Rehearses there. Without `expected` nothing is compared. */
  rehearse(options?: Partial<RehearsalOptions>): Promise<Rehearsal>;
  close(): Promise<void>;
}

/** Starts both on loopback. The app may also upload files, as an owner may allow it for a rehearsal. */
export async function startSurroundings(
  options: { slack?: Partial<SlackOptions>; s3?: Partial<S3Options> } = {},
): Promise<Surroundings> {
  const dir = mkdtempSync(join(tmpdir(), 'rehearsal-sandbox-'));
  const manifest = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));
  manifest.oauth_config.scopes.bot.push('files:write');
  const app = { manifest, ...TOKENS };
  const retries = { retryDelaysMs: [10, 50, 100], ackMs: 300 };
  const slack = await startSlack({
    dir: join(dir, 'slack'),
    app,
    limits: 'off',
    ...retries,
    ...options.slack,
  });
  const s3 = await startS3({ dir: join(dir, 's3'), credentials: KEYS, buckets: [BUCKET], ...options.s3 });
  const env = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    SLACK_APP_TOKEN: TOKENS.appToken,
    VAULT_BUCKET: BUCKET,
    VAULT_PREFIX: 'team',
    VAULT_S3_PATH_STYLE: '1',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_REGION: 'us-east-1',
  };
  const person = scripted(slack);
  return {
    ...{ slack, s3, env, person },
    rehearse: (more = {}) =>
      withEnv(env, async (config) =>
        rehearse({
          ...{ config, checks: CHECKS, expected: {}, people: person, times: QUICK },
          channel: slack.workspace.channels.general as string,
          privateChannel: slack.workspace.channels.finance,
          signal: new AbortController().signal,
          ...more,
        }),
      ),
    async close() {
      await slack.close();
      await s3.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The AWS SDK reads credentials from the process's own variables, as in production. */
async function withEnv<T>(env: Record<string, string>, work: (config: Config) => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await work(loadConfig(process.env));
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** Anna does in the sandbox what the rehearsal asks a person for. */
function scripted(slack: SandboxSlack): People {
  const anna = slack.as('anna');
  const own = () => anna.messages('general').filter(({ user }) => user === anna.id);
  const last = (fits: (message: PageMessage) => boolean) => {
    const found = anna.messages('general').findLast(fits);
    if (found === undefined) throw new Error('Anna does not find the message');
    return found;
  };
  const steps: Record<string, (sentence: string) => unknown> = {
    share: () => anna.share('general', { name: 'note.bin', content: randomBytes(500) }),
    clip: () => anna.clip('general', { kind: 'audio', recordedBytes: 900, transcode: randomBytes(700) }),
    canvas: () => anna.canvas('general', { title: 'Plan', html: '<p>Plan</p>' }),
    edit: () => anna.edit('general', anna.post('general', 'a word'), 'another word'),
    unshare: () => anna.remove('general', own().findLast(({ files }) => files?.length)?.ts ?? ''),
    click: () =>
      anna.action(
        last(({ blocks }) => JSON.stringify(blocks ?? []).includes('rehearsal_click')),
        'rehearsal_click',
      ),
    command: () => anna.command('general', '/vault help'),
    home: () => anna.home(),
    large: (sentence) =>
      anna.share('general', { name: 'large.bin', content: { path: sentence.replace(/^.*: /, '') } }),
  };
  return {
    async please(step, sentence, comes) {
      const act = steps[step];
      if (act === undefined) throw new Error(`Anna does not know how to ${step}`);
      comes.catch(() => {});
      await act(sentence);
      return comes;
    },
  };
}
