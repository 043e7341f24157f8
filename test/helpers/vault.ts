/** Everything for end-to-end tests: our Slack, our S3, and the real bot in its own process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { type S3Options, type S3Server, startS3 } from '../../sandbox/s3/server.ts';
import { type SandboxSlack, type SlackOptions, startSlack } from '../../sandbox/slack/server.ts';
import { moment } from '../../src/blocks/text/wording.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = parse(readFileSync(join(root, 'manifest.yml'), 'utf8'));

const TOKENS = { botToken: 'xoxb-test-bot', appToken: 'xapp-test-app', signingSecret: 'test-signing-secret' };
const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
export const BUCKET = 'vault-test';

/**
 * On a busy machine an answer may be announced before it comes. Tests wait for the answer itself, so that people in
 * tests do not see the announcement.
 */
function skipMoments(slack: SandboxSlack): void {
  const as = slack.as;
  slack.as = (name) => {
    const person = as(name);
    const messages = (channel: string) =>
      person.messages(channel).filter(({ ephemeral, text }) => !(ephemeral && text?.includes(moment.text)));
    return { ...person, messages };
  };
}

/** What all bots of this test file logged. A wait that fails shows the end of it, since nobody can read it later. */
const logs: Array<Bot['log']> = [];

/** Generous: several bots may start at once on a machine with other work. */
const READY_MS = 60_000;

export interface Bot {
  process: ChildProcess;
  /** The port of health and, in HTTP mode, of Slack's deliveries. */
  port: number;
  /** Every log line so far, parsed. */
  log: Array<Record<string, unknown>>;
  /** Resolves when its port answers; it may still wait for what it needs. If it ends instead, rejects. */
  listening: Promise<void>;
  /** Resolves when it says that it is ready. If it ends instead, rejects with what it said. */
  ready: Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

export interface TestVault {
  slack: SandboxSlack;
  /** Its listing leaves out the bot's journal, which is always there. */
  s3: S3Server;
  /** The keys of the journal's segments. */
  journal(): Promise<string[]>;
  dir: string;
  /** Where the bot keeps its catalog. */
  dataDir: string;
  env: Record<string, string>;
  /** Starts a bot and waits until it is ready. If it ends instead, throws what it said. */
  startBot(env?: Record<string, string>): Promise<Bot>;
  /** Starts a bot and does not wait. */
  launchBot(env?: Record<string, string>): Bot;
  /** What its last bots said last. */
  lastWords(): string;
  close(): Promise<void>;
}

/** Starts Slack and S3 on loopback. The test starts bots, as many and as often as it likes. */
export async function startVault(
  options: {
    mode?: 'socket' | 'http';
    slack?: Partial<SlackOptions>;
    s3?: Partial<S3Options>;
    env?: Record<string, string>;
  } = {},
): Promise<TestVault> {
  const dir = mkdtempSync(join(tmpdir(), 'ria-vault-'));
  const mode = options.mode ?? 'socket';
  const slack = await startSlack({
    dir: join(dir, 'slack'),
    app: {
      manifest,
      ...TOKENS,
      ...(mode === 'http' ? { requestUrl: 'http://127.0.0.1:9/slack/events' } : {}),
    },
    ...options.slack,
  });
  skipMoments(slack);
  const server = await startS3({ dir: join(dir, 's3'), credentials: KEYS, buckets: [BUCKET], ...options.s3 });
  const isJournal = ({ key }: { key: string }) => key.includes('.ria-vault/journal/');
  const s3 = {
    ...server,
    list: async (name: string) => (await server.list(name)).filter((o) => !isJournal(o)),
  };
  const dataDir = join(dir, 'data');
  const env = {
    PATH: process.env.PATH ?? '',
    // A file .env of whoever works here is not for the tests.
    VAULT_ENV_FILE: '',
    // The bot does the same for itself. This makes the command-line programs start quicker too.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/ria-vault'),
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: TOKENS.botToken,
    ...(mode === 'http'
      ? { SLACK_SIGNING_SECRET: TOKENS.signingSecret }
      : { SLACK_APP_TOKEN: TOKENS.appToken }),
    VAULT_BUCKET: BUCKET,
    VAULT_DATA_DIR: dataDir,
    VAULT_S3_PATH_STYLE: '1',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    AWS_REGION: 'us-east-1',
    HOST: '127.0.0.1',
    PORT: '0',
    // Reading takes processor time, memory and requests that most tests do not expect. Those that are about it switch it on.
    VAULT_TEXT: 'words',
    ...options.env,
  };
  const bots = new Set<Bot>();
  const launch = (more: Record<string, string>) => {
    const bot = launchBot({ ...env, ...more });
    bots.add(bot);
    bot.listening.then(
      () => {
        if (mode === 'http') slack.setRequestUrl(`http://127.0.0.1:${bot.port}/slack/events`);
      },
      () => {},
    );
    return bot;
  };
  return {
    slack,
    s3,
    dir,
    dataDir,
    env,
    journal: async () => (await server.list(BUCKET)).filter(isJournal).map(({ key }) => key),
    launchBot: (more = {}) => launch(more),
    lastWords: () => lastWords([...bots].map(({ log }) => log)),
    async startBot(more = {}) {
      const bot = launch(more);
      await bot.ready;
      return bot;
    },
    async close() {
      await Promise.all([...bots].map((bot) => bot.kill()));
      await Promise.all([slack.close(), s3.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts `src/main.ts`, in most tests as a bundle of it (see bundled-bot.ts). */
function launchBot(env: Record<string, string>): Bot {
  const { child, log, errors } = spawnBot(env);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const bot: Bot = {
    process: child,
    port: 0,
    log,
    listening: waitFor((line) => String(line.msg).startsWith('listening')),
    ready: waitFor((line) => line.msg === 'RIA Vault is ready'),
    async kill() {
      if (ended()) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async stop() {
      if (!ended()) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
  // A test that starts a bot only to kill it does not ask whether it became ready.
  bot.ready.catch(() => {});
  bot.listening.catch(() => {});
  return bot;

  async function waitFor(says: (line: Record<string, unknown>) => boolean): Promise<void> {
    for (let waited = 0; waited < READY_MS; waited += 20) {
      const ready = log.find(says);
      if (ready !== undefined) {
        bot.port = ready.port as number;
        return;
      }
      if (ended())
        throw new Error(`the bot ended with ${child.exitCode ?? child.signalCode}: ${errors.join('')}`);
      await sleep(20);
    }
    child.kill('SIGKILL');
    throw new Error(`the bot did not become ready: ${JSON.stringify(log.slice(-5))} ${errors.join('')}`);
  }
}

function spawnBot(env: Record<string, string>) {
  const child = spawn(process.execPath, [process.env.BUNDLED_BOT ?? 'src/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The bot ends with the tests, however they end.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const log: Array<Record<string, unknown>> = [];
  logs.push(log);
  const errors: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.push(parseLine(line));
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk));
  return { child, log, errors };
}

/** A log line. A line that is not JSON is kept as it is, so that a test can complain about it. */
function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return { level: 'error', msg: line };
  }
}

/** Runs the bot until it ends by itself, as it must on bad configuration. */
export async function runBot(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const { child, errors } = spawnBot({ PATH: process.env.PATH ?? '', VAULT_ENV_FILE: '', ...env });
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, stderr: errors.join('') };
}

/** The last lines of the last two bots. */
const lastWords = (of: ReadonlyArray<Bot['log']> = logs) =>
  of
    .slice(-2)
    .map((log) =>
      log
        .slice(-12)
        .map((line) => `\n  ${JSON.stringify(line)}`)
        .join(''),
    )
    .join('\n  and the next bot:');

/**
 * Asks again and again until `probe` returns something; throws after `ms` and says what it waited for. The longer it has
 * waited, the less often it asks: asking takes the processor from the bot that it waits for.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  ms = 30_000,
): Promise<NonNullable<Awaited<T>>> {
  // Not `Date.now()`, which a test may have moved on.
  const begun = performance.now();
  for (;;) {
    const found = await probe();
    if (found) return found as NonNullable<Awaited<T>>;
    const waited = performance.now() - begun;
    if (waited > ms) throw new Error(`waited ${ms} ms for ${what}. Said last:${lastWords()}`);
    await sleep(Math.min(25 + waited / 20, 100));
  }
}
