import { randomUUID } from 'node:crypto';
import { takeDeliveries } from './app-deliveries.ts';
import { makeVault } from './app-vault.ts';
import { atMost } from './at-most.ts';
import { makeDueAgain } from './catalog/alerts/periodic-jobs.ts';
import { moveWorkBack } from './catalog/db/clock-step.ts';
import type { CatalogError } from './catalog/db/errors.ts';
import { SCHEMA, type SchemaStep } from './catalog/db/migrate.ts';
import type { Catalog } from './catalog/db/open.ts';
import { claimWorkspace } from './catalog/governance/workspace.ts';
import { mayBeWritten } from './catalog/journal/first-look.ts';
import { remember } from './catalog/memory.ts';
import { noteRequest } from './catalog/queue/seen-requests.ts';
import { wantRound } from './catalog/sweep/sweeps.ts';
import type { Config } from './config.ts';
import { errorCode } from './errors.ts';
import { createHealth } from './health.ts';
import { startHttp } from './http.ts';
import { indexTexts } from './jobs/index-texts.ts';
import { watchOutdated } from './jobs/outdated.ts';
import { type Bots, countBots } from './jobs/periodic/bots.ts';
import { watchClock } from './jobs/periodic/clock-watch.ts';
import { watchStalls } from './jobs/periodic/stall-watch.ts';
import { type Jobs, setUpJobs, startJobs } from './jobs/registry.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createSlackApi } from './slack/api.ts';
import { createHttpReceiver } from './slack/http-receiver.ts';
import { type Identity, whoAmI } from './slack/identity.ts';
import { watchMissed } from './slack/missed.ts';
import type { SignedOnce } from './slack/replays.ts';
import { connectSockets, createSocketReceiver } from './slack/socket-receiver.ts';
import { switchAuditLines } from './start/audit-lines.ts';
import { healthChecks } from './start/checks.ts';
import { watchDeliveries } from './start/deliveries.ts';
import { firstLook } from './start/first-look.ts';
import { logMachine } from './start/machine-lines.ts';
import { hearAnswers, watchVault } from './start/metrics.ts';
import { openDatabase } from './start/open-database.ts';
import { scanModeOf } from './start/scan-gate.ts';
import { createWaits } from './start/waits.ts';
import { sameWorkspace, whoFirst } from './start/who-first.ts';
import { nameBucket } from './storage/bucket.ts';
import { hasObjectLock } from './storage/legal-hold.ts';
import { linkProblems } from './storage/link-check.ts';
import type { Vault } from './vault/context.ts';

/** Less than the 25 s that a whole stop may take: time is left to hand back what cannot finish. */
const DRAIN_MS = 13_000;

/** What Slack is sending is written down and answered first. After this time, open connections are cut off. */
const LAST_DELIVERIES_MS = 3_000;

/** A start that is stopped ends within this time; only then is it known what has to be closed. */
const GIVE_UP_MS = 1_000;

/** `app_rate_limited` names one minute, but Slack drops events in the next minute too. */
const RATE_LIMIT_MS = 2 * 60_000;

export interface RunningApp {
  /** The port of health, metrics and (in HTTP mode) Slack's deliveries. */
  port: number;
  /**
   * Resolves when all that the bot needs is there and its work has begun, however long that takes. Rejects with what a
   * person must change: `ConfigError`, `StorageError` or `CatalogError`, each with a sentence that names the variable
   * to look at. Then, `stop` has to be called.
   */
  ready: Promise<void>;
  /** Resolves when another version has changed the catalog: this process can only be stopped then. */
  outdated: Promise<CatalogError>;
  /** Takes no more work, finishes or hands back what runs, and closes everything. At most 25 s. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and starts them. No other place knows them all. HTTP listens first, so that health can be
 * asked. Then the bot waits for Slack, the bucket and the database at the same time, for as long as it takes:
 *
 * - Deliveries are written down as soon as the database is there, and somebody has said who we are.
 * - Work begins when Slack has said who we are.
 * - What needs the bucket begins when the bucket is there.
 *
 * Throws `ConfigError` when a port cannot be used, and `StorageError` when the bucket's settings cannot work.
 */
export async function startApp(config: Config, log: Log): Promise<RunningApp> {
  const { slack: slackConfig, policy } = config;
  const { botToken: token, apiUrl } = slackConfig;
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const now = Date.now;
  const startedAt = now();
  const stopping = new AbortController();
  const { signal } = stopping;
  const waits = createWaits({ log, signal });

  // These come with time.
  let catalog: Catalog | undefined;
  let bots: Bots | undefined;
  let vault: Vault | undefined;
  let jobs: Jobs | undefined;
  let isBucketThere = false;
  let isUnlooked = false;
  let stopClock = () => {};

  let outdated: ReturnType<typeof watchOutdated> | undefined;
  const { promise: wasOutdated, resolve: noteOutdated } = Promise.withResolvers<CatalogError>();

  const metrics = createMetrics();
  const answers = hearAnswers(metrics, log);
  const { bucket, learn } = await nameBucket({ ...config.bucket, onRequest: answers.bucket });
  const sharers = () => bots?.count() ?? 1;
  const mayBeFewer = () => bots?.mayBeFewer() ?? false;
  const scanModes = () => bots?.scanModes() ?? [];
  const slack = createSlackApi({ token, apiUrl, log, sharers, mayBeFewer, observer: answers.slack });

  /** Asks Slack for what it may not have told us. Before the work has begun, the round of each start does that. */
  const lookAgain = async (againAt?: number) => {
    if (vault === undefined) return;
    const { teamId } = vault.identity;
    await wantRound(vault.catalog, {
      ...{ teamId, now: now() },
      ...(againAt === undefined ? {} : { againAt }),
    });
    await makeDueAgain(vault.catalog, 'changes', againAt ?? now());
    jobs?.wake();
  };
  const missed = watchDeliveries(watchMissed({ log, ask: () => lookAgain() }));
  const onLongGap = () => {
    log.warn('events may have been lost while there was no connection to Slack: sweeping');
    lookAgain().catch((error) => log.error({ code: errorCode(error), err: error }, 'cannot ask for a sweep'));
  };
  const seenRequests = async (request: SignedOnce) =>
    catalog === undefined ? undefined : noteRequest(catalog, request);
  const receiving = {
    ...{ log, missed, onDelivery: metrics.deliveries },
    /** Slack drops events while the limit lasts, so a second round looks for what came after this one. */
    onRateLimited: () => lookAgain(now() + RATE_LIMIT_MS),
    /** What is written into a new catalog while it is filled from the bucket would be removed. */
    mayWrite: async () => !isUnlooked || (catalog !== undefined && mayBeWritten(catalog)),
  };
  const receiver =
    slackConfig.receiver.mode === 'socket'
      ? createSocketReceiver({ ...slackConfig.receiver, ...receiving, apiUrl, onLongGap })
      : createHttpReceiver({ ...slackConfig.receiver, ...receiving, seenRequests });

  const health = createHealth({
    waiting: waits.sentences,
    ...healthChecks({ ...config.data, owner, ...missed, catalog: () => catalog, bucket, slack, receiver }),
  });
  watchVault(metrics, config, {
    ...{ ready: health.ready, receiver, now, bots: () => bots?.count() },
    vault: () => vault,
  });
  const http = await startHttp({
    ...config.http,
    health,
    metricsPage: metrics,
    ...('handle' in receiver ? { slackEvents: receiver.handle } : {}),
  });
  const stopStallWatch = watchStalls((ms) => {
    log.warn(
      { code: 'stalled', ms: Math.round(ms) },
      'the process stood still: deliveries may have been lost',
    );
    missed.missed();
  });

  const vaultOver = (over: Catalog, identity: Identity): Promise<Vault> =>
    makeVault({
      ...{ catalog: over, bucket, slack, identity, policy, log, now, metrics },
      ...{ reading: config.reading, othersScan: scanModes },
      // What is set in a new catalog before the bucket was looked at could be removed again.
      bucketAwaySince: isBucketThere && !isUnlooked ? undefined : startedAt,
      wake: (...kinds) => jobs?.wake(...kinds),
    });

  const onStep = (step: SchemaStep, busyWith: (sentence: string) => void) => {
    log.info(step, 'changing the tables of the catalog; this may take a while');
    busyWith('its tables are changed for this version.');
  };

  const begin = async () => {
    const asked = waits.until('slack', () => whoAmI(slack, apiUrl, policy));
    const learned = waits.until('bucket', async () => {
      await learn();
      const objectLock = await hasObjectLock(bucket);
      isBucketThere = true;
      // Not waited for: files are kept also where links do not work.
      void linkProblems(bucket, policy.linkMinutes).then((problems) => {
        for (const { code, message } of problems) log.warn({ code }, message);
      });
      return objectLock;
    });

    const work = async () => {
      const opened = await waits.until('database', (blocked, busyWith) =>
        openDatabase(config, blocked, (step) => onStep(step, busyWith), scanModes),
      );
      catalog = opened.catalog;
      const database = opened.catalog;
      outdated = watchOutdated({ catalog: database, owner, log });
      outdated.noted.then(noteOutdated);
      const { note } = outdated;
      await waits.until('database', () => switchAuditLines(database, config, log));
      bots = await waits.until('database', () =>
        countBots({ catalog: database, owner, log, scanMode: scanModeOf(policy), onOutdated: note }),
      );
      isUnlooked = opened.isUnlooked;
      const { identity: remembered } = opened;
      const delivered = 'account' in receiver ? receiver.account : undefined;
      const identity = {
        ...(await whoFirst({ asked, isAway: waits.begun('slack'), remembered, delivered })),
      };

      if (identity.isOrganisation) slack.workspaces?.serve(true);
      await waits.until('database', () => claimWorkspace(database, identity.teamId));

      const looked = isUnlooked ? look(database, identity.teamId, learned) : Promise.resolve();
      looked.catch(() => {});
      await Promise.race([looked, waits.begun('bucket')]);
      const all = await waits.until('database', () => vaultOver(database, identity));
      vault = all;
      takeDeliveries(all, receiver, config);
      const connected = waits.until('slack', () => connectSockets(() => receiver.start(), apiUrl));

      const beginWork = async (all: Vault) => {
        Object.assign(identity, sameWorkspace(identity, await asked));
        await looked;
        await waits.until('database', async () => {
          await remember(database, 'identity', identity);
          await setUpJobs(all);
          indexTexts({ catalog: database, log });
          await wantRound(database, { teamId: identity.teamId, now: now() });
        });
        const working = startJobs(all, config, owner);
        jobs = working;
        stopClock = watchClock((by) => onStepBack(database, by));
        all.objectLock = await learned;
        all.bucketAwaySince = undefined;
        await waits.until('database', () => working.startWithBucket());
      };
      await Promise.all([connected, beginWork(all)]);
      logReady(identity, database);
      await logMachine(log);
    };
    await Promise.all([asked, learned, work()]);
  };

  const look = async (database: Catalog, teamId: string, learned: Promise<unknown>) => {
    await learned;
    await waits.until('bucket', (_, busyWith) =>
      firstLook({ catalog: database, bucket, teamId, owner, log, signal, now, busyWith }),
    );
    isUnlooked = false;
  };

  const onStepBack = (database: Catalog, by: number) => {
    log.warn({ code: 'clock_set_back', ms: by }, 'the clock was set back; what is due moves back with it');
    moveWorkBack(database, { by, now: now() }).then(
      () => jobs?.wake(),
      (error) => log.error({ code: errorCode(error), err: error }, 'cannot move back what is due'),
    );
  };

  const logReady = ({ team, teamId }: Identity, { kind }: Catalog) => {
    const { mode } = slackConfig.receiver;
    const { port, metricsPort } = http;
    const metrics = config.http.metrics === undefined ? {} : { metricsPort };
    const { name, capabilities } = bucket;
    log.info(
      {
        ...{ team, teamId, mode, port, ...metrics },
        ...{ bucket: name, proof: capabilities.proof, catalog: kind, schema: SCHEMA },
      },
      'RIA Vault is ready',
    );
  };

  const ready = begin();
  ready.catch(() => {});
  return {
    port: http.port,
    ready,
    outdated: wasOutdated,
    async stop() {
      stopping.abort(new Error('the process stops'));
      await atMost(
        GIVE_UP_MS,
        ready.catch(() => {}),
      );
      // Not waited for yet: half-sent requests must not delay the workers, who hand back their rows.
      const closing = http.close(LAST_DELIVERIES_MS);
      const steps = [
        () => receiver.stop(),
        () => receiver.settle(LAST_DELIVERIES_MS),
        () => stopClock(),
        () => jobs?.stop(outdated?.isSo() ? 0 : DRAIN_MS),
        () => closing,
        () => stopStallWatch(),
        () => missed.stop(),
        () => bots?.stop(),
        () => outdated?.handBack(),
        () => catalog?.close(),
        () => slack.close(),
        () => bucket.close(),
      ];
      for (const step of steps) {
        await Promise.resolve(step()).catch((error) =>
          log.warn({ code: errorCode(error), err: error }, 'while closing'),
        );
      }
    },
  };
}
