import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { type Bot, startBot } from './bot.ts';
import { botEnv, botEnvFile } from './bot-env.ts';
import { bucketApi } from './bucket-api.ts';
import { keepSteps } from './first-steps.ts';
import { firstStepsApi } from './first-steps-api.ts';
import { lockFolder } from './lock.ts';
import { forOrganisation, thatJoins } from './manifests.ts';
import type { SandboxOptions } from './options.ts';
import { buildPage } from './page-build.ts';
import { servePage } from './page-server.ts';
import { freePort } from './ports.ts';
import { keepPrivate } from './private.ts';
import { type S3Server, startS3 } from './s3/server.ts';
import { DEFAULT_SEED, ORG_SEED, type SandboxSlack, startSlack } from './slack/server.ts';
import { sandboxTokens } from './tokens.ts';
import { createTrouble } from './trouble.ts';
import { troubleApi } from './trouble-api.ts';

const BUCKET = 'sandbox-vault';
const MANIFEST = new URL('../manifest.yml', import.meta.url);

export interface Sandbox {
  /** The address of the page. */
  url: string;
  dir: string;
  bot: Bot;
  /** The two servers, with their faults, for tests. */
  s3: S3Server;
  slack: SandboxSlack;
  /** Lets the bot finish, then closes everything. Everything so far is on disk. */
  close(): Promise<void>;
}

/**
 * Starts Slack, S3, the page and the bot on loopback. What an earlier sandbox kept under `dir` is there again.
 * Throws `LockedError` when another sandbox has the folder.
 */
export async function openSandbox(
  options: SandboxOptions,
  env: NodeJS.ProcessEnv,
  on: { problem(line: string): void; refusal(sentence: string): void },
): Promise<Sandbox> {
  const { dir, mode, dialects = [], org = false } = options;
  const closers: Array<() => unknown> = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const lock = lockFolder(dir);
    closers.push(() => lock.release());
    keepPrivate(dir);
    const tokens = await sandboxTokens(dir);
    const page = await buildPage(join(dir, 'page'));
    // It may join channels, so that this can be tried, too.
    const oneWorkspace = thatJoins(parse(await readFile(MANIFEST, 'utf8')));
    const manifest = org ? forOrganisation(oneWorkspace) : oneWorkspace;

    const s3 = await startS3({
      dir: join(dir, 's3'),
      credentials: { accessKeyId: tokens.s3AccessKeyId, secretAccessKey: tokens.s3SecretAccessKey },
      buckets: [BUCKET],
      versioning: true,
      dialects,
    });
    closers.push(() => s3.close());

    const botPort = await freePort();
    const { botToken, appToken, signingSecret } = tokens;
    const requestUrl = mode === 'http' ? { requestUrl: `http://127.0.0.1:${botPort}/slack/events` } : {};
    const slack = await startSlack({
      dir: join(dir, 'slack'),
      port: await freePort(options.port),
      seed: org ? ORG_SEED : DEFAULT_SEED,
      app: { manifest, botToken, appToken, signingSecret, ...requestUrl },
      // As in real Slack: `files.info` knows a file only a second after it was shared, and pictures are fetched.
      readyMs: 1_000,
      pictures: 'fetch',
    });
    closers.push(() => slack.close());

    const around = {
      ...{ mode, tokens, bucket: BUCKET, port: botPort },
      slackApiUrl: slack.apiUrl,
      s3Endpoint: s3.endpoint,
      dataDir: resolve(dir, 'vault'),
    };
    await writeFile(join(dir, 'bot.env'), botEnvFile(env, around), { mode: 0o600 });
    const bot = startBot({
      env: botEnv(env, around),
      logFile: join(dir, 'bot.log'),
      onProblem: on.problem,
      onRefusal: on.refusal,
    });
    closers.push(() => bot.stop());

    const trouble = createTrouble(slack, s3);
    slack.addRoute('/', servePage(page));
    const steps = keepSteps(dir);
    const panel = {
      ...bucketApi(s3, BUCKET, tokens, () => bot, trouble.state, steps),
      ...troubleApi(trouble),
      ...firstStepsApi(steps, () => slack),
    };
    for (const [path, handler] of Object.entries(panel)) slack.addRoute(path, handler);
    return { url: slack.url, dir, bot, s3, slack, close };
  } catch (error) {
    await close();
    throw error;
  }
}
