import { randomUUID } from 'node:crypto';
import { App } from '@slack/bolt';
import { registerActions } from './actions/index.ts';
import { walkAgain } from './catalog/alerts/periodic-jobs.ts';
import { moveWorkBack } from './catalog/db/clock-step.ts';
import type { CatalogError } from './catalog/db/errors.ts';
import { openCatalog } from './catalog/db/open.ts';
import { refuseHalfRebuilt } from './catalog/journal/replay.ts';
import { wantRound } from './catalog/sweep/sweeps.ts';
import { queueDepth } from './catalog/totals/under-way.ts';
import { createCharts } from './charts/charts.ts';
import { registerCommands } from './commands/index.ts';
import type { Config } from './config.ts';
import { errorCode } from './errors.ts';
import { registerEvents } from './events/index.ts';
import { createReplies } from './export/replies.ts';
import { createHealth } from './health.ts';
import { startHttp } from './http.ts';
import { type Bots, countBots } from './jobs/periodic/bots.ts';
import { watchClock } from './jobs/periodic/clock-watch.ts';
import { watchStalls } from './jobs/periodic/stall-watch.ts';
import { setUpJobs, startJobs } from './jobs/registry.ts';
import type { Log } from './log.ts';
import { createSlackApi } from './slack/api.ts';
import { createCoverage } from './slack/coverage.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { whoAmI } from './slack/identity.ts';
import { boltLogger } from './slack/logger.ts';
import { watchMissed } from './slack/missed.ts';
import { createPeople } from './slack/people.ts';
import { connectSockets, createSocketReceiver } from './slack/socket-receiver.ts';
import { openBucket } from './storage/bucket.ts';
import { checkBucket } from './storage/health.ts';
import { hasObjectLock } from './storage/legal-hold.ts';
import { linkProblems } from './storage/link-check.ts';
import type { Vault } from './vault/context.ts';
import { createRights } from './vault/rights.ts';

/** Less than the 25 s that a whole stop may take: time is left to hand back what cannot finish. */
const DRAIN_MS = 13_000;

/** What Slack is sending is written down and answered first. After this time, open connections are cut off. */
const LAST_DELIVERIES_MS = 3_000;

/** `app_rate_limited` names one minute, but Slack drops events in the next minute too. */
const RATE_LIMIT_MS = 2 * 60_000;

export interface RunningApp {
  /** The port of health, metrics and (in HTTP mode) Slack's deliveries. */
  port: number;
  /** Takes no more work, finishes or hands back what runs, and closes everything. At most 25 s. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and starts them. No other place knows them all. Everything in the configuration is tried
 * before the first event is taken. When a part fails, those that are open already are closed again.
 * Throws `ConfigError`, `StorageError` and `CatalogError`, each with a sentence that names the variable to look at.
 */
export async function startApp(config: Config, log: Log): Promise<RunningApp> {
  const closers: Array<() => Promise<void> | void> = [];
  const closeAll = async () => {
    for (const close of closers.reverse()) {
      await Promise.resolve(close()).catch((error) =>
        log.warn({ code: errorCode(error), err: error }, 'while closing'),
      );
    }
  };
  try {
    return await start(config, log, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(
  config: Config,
  log: Log,
  closers: Array<() => Promise<void> | void>,
  closeAll: () => Promise<void>,
): Promise<RunningApp> {
  const { slack: slackConfig, policy } = config;
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
  let bots: Bots | undefined;
  const sharers = () => bots?.count() ?? 1;
  const mayBeFewer = () => bots?.mayBeFewer() ?? false;
  const { botToken: token, apiUrl } = slackConfig;
  const slack = createSlackApi({ token, apiUrl, log, sharers, mayBeFewer });
  closers.push(() => slack.close());
  const identity = await whoAmI(slack, slackConfig.apiUrl);
  const onBlocked = (error: CatalogError) => log.warn({ code: error.code, err: error }, error.message);
  const catalog = { ...(await openCatalog({ ...config.data, onBlocked })), onUnshare: policy.onUnshare };
  closers.push(() => catalog.close());
  await refuseHalfRebuilt(catalog);
  bots = await countBots({ catalog, owner, log });
  closers.push(bots.stop);
  const bucket = await openBucket(config.bucket);
  closers.push(() => bucket.close());
  const objectLock = await hasObjectLock(bucket);
  // Not waited for: files are kept also where links do not work.
  void linkProblems(bucket, policy.linkMinutes).then((problems) => {
    for (const { code, message } of problems) log.warn({ code }, message);
  });

  const { botUserId, botId, teamId } = identity;
  const people = createPeople({ api: slack, teamId });
  const rights = createRights({ catalog, people, teamId, ...policy });
  const coverage = createCoverage({ api: slack });
  const { mode } = slackConfig.receiver;
  const now = Date.now;
  /** Slack drops events while the limit lasts, so a second round looks for what came after this one. */
  const onRateLimited = async () => {
    await wantRound(catalog, { teamId, now: now(), againAt: now() + RATE_LIMIT_MS });
    await walkAgain(catalog, 'changes', now() + RATE_LIMIT_MS);
    jobs.wake();
  };
  const missed = watchMissed({
    log,
    async ask() {
      await wantRound(catalog, { teamId, now: now() });
      await walkAgain(catalog, 'changes', now());
      jobs.wake();
    },
  });
  closers.push(() => missed.stop());
  const onStall = (ms: number) => {
    log.warn(
      { code: 'stalled', ms: Math.round(ms) },
      'the process stood still: deliveries may have been lost',
    );
    missed.missed();
  };
  closers.push(watchStalls(onStall));
  const onLongGap = () => {
    log.warn('events may have been lost while there was no connection to Slack: sweeping');
    Promise.all([wantRound(catalog, { teamId, now: now() }), walkAgain(catalog, 'changes', now())]).then(
      () => jobs.wake(),
      (error) => log.error({ code: errorCode(error), err: error }, 'cannot ask for a sweep'),
    );
  };
  const receiver =
    slackConfig.receiver.mode === 'socket'
      ? createSocketReceiver({
          ...slackConfig.receiver,
          apiUrl: slackConfig.apiUrl,
          log,
          onRateLimited,
          onLongGap,
          missed,
        })
      : createHttpReceiver({ ...slackConfig.receiver, log, onRateLimited, missed });

  const health = createHealth({
    checks: {
      database: async () => {
        await catalog.ping();
        return catalog.kind;
      },
      bucket: async () => {
        await checkBucket(bucket);
        return `proof ${bucket.capabilities.proof}`;
      },
      slack: async () => {
        if ('connected' in receiver)
          return receiver.connected() > 0 ? `${receiver.connected()} connections` : 'down: not connected';
        await slack.call('auth.test', {}, { patienceMs: 3_000 });
        return 'http';
      },
    },
    queueDepth: async () => {
      const depth = await queueDepth(catalog);
      return depth.pending + depth.storing + depth.failed;
    },
  });

  const vault: Vault = {
    catalog,
    bucket,
    slack,
    identity,
    people,
    rights,
    coverage,
    charts: createCharts({ bucket, teamId, now }),
    policy,
    objectLock,
    replies: createReplies(),
    log,
    meters: health.meters,
    now,
    wake: (...kinds) => jobs.wake(...kinds),
  };
  const app = new App({
    token: slackConfig.botToken,
    botId,
    botUserId,
    receiver,
    tokenVerificationEnabled: false,
    convoStore: false,
    // `receive` recognises our own messages; joins and leaves of the bot must come through.
    ignoreSelf: true,
    logger: boltLogger(log.child({ part: 'bolt' }), 'error'),
    clientOptions: { slackApiUrl: slackConfig.apiUrl, retryConfig: { retries: 0 }, timeout: 10_000 },
  });
  // Thrown again: an event that could not be written down must not be acknowledged.
  app.error(async (error) => {
    throw error;
  });
  registerEvents(app, vault);
  registerCommands(app, vault);
  registerActions(app, vault);

  await setUpJobs(vault);
  await wantRound(catalog, { teamId, now: now() });
  let closing: Promise<void> | undefined;
  closers.push(() => closing);
  const jobs = startJobs(vault, config, owner);
  closers.push(() => jobs.stop(DRAIN_MS));
  const onStepBack = (by: number) => {
    log.warn({ code: 'clock_set_back', ms: by }, 'the clock was set back; what is due moves back with it');
    moveWorkBack(catalog, { by, now: now() }).then(
      () => jobs.wake(),
      (error) => log.error({ code: errorCode(error), err: error }, 'cannot move back what is due'),
    );
  };
  closers.push(watchClock(onStepBack));
  const http = await startHttp({
    ...config.http,
    health,
    ...('handle' in receiver ? { slackEvents: receiver.handle } : {}),
  });
  const takeNoMore = () => {
    closing ??= http.close(LAST_DELIVERIES_MS);
  };
  closers.push(takeNoMore);
  await connectSockets(() => receiver.start());
  closers.push(async () => {
    // Not waited for: half-sent requests must not delay the workers, who hand back their rows.
    takeNoMore();
    await receiver.stop();
    await receiver.settle(LAST_DELIVERIES_MS);
  });

  log.info(
    {
      team: identity.team,
      teamId,
      mode,
      port: http.port,
      ...(config.http.metrics === undefined ? {} : { metricsPort: http.metricsPort }),
      bucket: bucket.name,
      proof: bucket.capabilities.proof,
      catalog: catalog.kind,
    },
    'RIA Vault is ready',
  );
  return { port: http.port, stop: closeAll };
}
