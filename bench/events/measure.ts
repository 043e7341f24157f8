import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ask, type Sink, startHost, startSink } from '../hosts/start.ts';
import { quantile } from '../part.ts';
import { type Bot, startBot } from './bot.ts';
import type { Load, Sent } from './load.ts';
import { fileId } from './message.ts';
import { type Watched, watch } from './watch.ts';

export type Mode = 'http' | 'socket';

const BUCKET = 'bench';
/** People whose App Home follows what happens. */
const WATCHING = ['U0WATCHING1', 'U0WATCHING2', 'U0WATCHING3'];
/** After this time the start's own work, sweeping twenty channels, is over. */
const SETTLE_MS = 1_000;
const LOOK_MS = 100;
const COUNT_MS = 3_000;

/** How one load went. Times in ms. */
export interface Measured {
  mode: Mode;
  sent: number;
  acknowledged: number;
  repeated: number;
  /** Files in the bucket, and what the bot's own count of them says. */
  captured: number;
  counted: number;
  /** Objects that were sent to the bucket although it had them. */
  again: number;
  ack: { p50: number; p99: number; max: number };
  /** From an event's sending to the first byte of its file in the bucket. */
  stored: { p50: number; p99: number; max: number };
  /** From the last acknowledgement until the bucket had everything; null if that took too long. */
  catchUpMs: number | null;
  /** How late the sender was. */
  late: { p99: number; max: number };
  bot: Watched;
  /** The same for this process, which only waited: the machine's own effect on every process meanwhile. */
  idle: Watched;
  /** Calls that the bot made to Slack meanwhile, by method. */
  calls: Record<string, number>;
  requests: Record<string, number>;
  warnings: Record<string, number>;
}

/**
 * Sends a load of events to the real bot, with a Slack and a bucket in processes of their own, and waits until every
 * file is in the bucket, for `catchUpMs` at most. The bot's catalog is SQLite's, in a new folder.
 */
export async function measureEvents(mode: Mode, load: Load, catchUpMs: number): Promise<Measured> {
  const closers: Array<() => unknown> = [];
  try {
    const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-events-'));
    closers.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const sink = await startSink();
    closers.push(sink.close);
    const slack = await startHost('../events/slack-host.ts', null, { BENCH_SIGNING_SECRET: SECRET });
    closers.push(slack.host.close);
    const bot = await startBot(botEnv(mode, { slackUrl: slack.host.url, s3Url: sink.url, dataDir }));
    closers.push(bot.stop);
    return await underLoad({ mode, load, catchUpMs, sink, askSlack: slack.ask, bot });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

export const SECRET = 'bench-signing-secret';

/** The environment of a bot that talks to these hosts and keeps its catalog in that folder. */
export function botEnv(
  mode: Mode,
  at: { slackUrl: string; s3Url: string; dataDir: string },
): Record<string, string> {
  return {
    ...(mode === 'http' ? { SLACK_SIGNING_SECRET: SECRET } : { SLACK_APP_TOKEN: 'xapp-bench' }),
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_API_URL: `${at.slackUrl}/api/`,
    VAULT_BUCKET: BUCKET,
    VAULT_S3_PATH_STYLE: '1',
    VAULT_DATA_DIR: at.dataDir,
    AWS_ENDPOINT_URL_S3: at.s3Url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    HOST: '127.0.0.1',
    PORT: '0',
    VAULT_TEXT: 'off',
  };
}

interface Stage {
  mode: Mode;
  load: Load;
  catchUpMs: number;
  sink: Sink;
  askSlack: Ask;
  bot: Bot;
}

async function underLoad({ mode, load, catchUpMs, sink, askSlack, bot }: Stage): Promise<Measured> {
  const botUrl = mode === 'http' ? bot.url : null;
  await askSlack('openHomes', { botUrl, users: WATCHING });
  await sleep(SETTLE_MS);
  await Promise.all([sink.forget(), askSlack('forget'), bot.begin()]);
  const self = watch();
  const sent = (await askSlack('send', { botUrl, load })) as Sent;
  const caughtUp = await waitForFiles(sink, load.events, catchUpMs);
  const counted = await waitForCount(bot, caughtUp === null ? 0 : load.events);
  const [watched, idle] = [await bot.read(), self.read()];
  const counts = await sink.counts();
  const { stored, times } = arrivals(await sink.objects(), counts.firstBytes, sent.sentAt);
  return {
    mode,
    ...{ sent: sent.sent, acknowledged: sent.acknowledged, repeated: sent.repeated },
    ...{ captured: stored, counted, again: counts.again },
    ack: spread(sent.ackMs),
    stored: spread(times),
    catchUpMs: caughtUp,
    late: spread(sent.lateMs),
    ...{ bot: watched, idle },
    calls: (await askSlack('calls')) as Record<string, number>,
    requests: counts.requests,
    warnings: Object.fromEntries(bot.warnings),
  };
}

/** Waits until the bucket has so many files; how long that took, in ms, or null when it took longer than `atMostMs`. */
async function waitForFiles(sink: Sink, files: number, atMostMs: number): Promise<number | null> {
  const began = performance.now();
  for (;;) {
    if (filesAmong(await sink.objects()).size >= files) return performance.now() - began;
    if (performance.now() - began > atMostMs) return null;
    await sleep(LOOK_MS);
  }
}

/** The ids of the files that these objects are of, by their paths. The catalog's own segments are left out. */
function filesAmong(paths: readonly string[]): Map<string, string> {
  const isFile = new RegExp(`/(${fileId(0).slice(0, -6)}\\d+)/`);
  return new Map(
    paths.flatMap((path) => {
      const id = isFile.exec(path)?.[1];
      return id === undefined ? [] : [[id, path] as const];
    }),
  );
}

/** How many files came, and how long each took from its event on, in ms. */
function arrivals(paths: string[], firstBytes: Record<string, string>, sentAt: Record<string, string>) {
  const files = filesAmong(paths);
  const times = [...files].map(
    ([id, path]) => Number(BigInt(firstBytes[path] ?? 0) - BigInt(sentAt[id] ?? 0)) / 1e6,
  );
  return { stored: files.size, times };
}

/** The bot's own count; it is a moment behind the bucket, because it comes after the catalog. */
async function waitForCount(bot: Bot, files: number): Promise<number> {
  let counted = await countedBy(bot);
  for (let waited = 0; counted < files && waited < COUNT_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS);
    counted = await countedBy(bot);
  }
  return counted;
}

/** How many captures the bot says have succeeded. */
async function countedBy(bot: Bot): Promise<number> {
  const metrics = await (await fetch(`${bot.url}/metrics`)).text();
  return Number(/^vault_captures_total\{outcome="stored"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

export function spread(values: readonly number[]): { p50: number; p99: number; max: number } {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}
