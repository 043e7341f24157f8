import { backfill } from '../capture/backfill.ts';
import { capture } from '../capture/capture.ts';
import { type CopyRequest, copyFile, nextVersionKeys } from '../capture/copy.ts';
import { holdObject } from '../capture/object-hold.ts';
import { purge } from '../capture/purge.ts';
import { startRound, sweep } from '../capture/sweep.ts';
import { claimDueFiles, nextDueAt } from '../catalog/capture.ts';
import { claimDueExports, nextExportDueAt } from '../catalog/govern/exports.ts';
import { claimDueHolds, nextHoldDueAt, walkHold, walkHoldsAgain } from '../catalog/govern/holds.ts';
import { claimDueObjectHolds, nextObjectHoldDueAt } from '../catalog/govern/object-holds.ts';
import { claimDueHomes, nextHomeDueAt } from '../catalog/home.ts';
import type { Post } from '../catalog/notice-model.ts';
import { claimDuePosts, nextPostDueAt } from '../catalog/notices.ts';
import { claimDueBackfills, nextBackfillDueAt } from '../catalog/sweep/backfills.ts';
import { claimDueSweeps, nextSweepDueAt } from '../catalog/sweep/sweeps.ts';
import { claimPurges, nextPurgeDueAt } from '../catalog/trash.ts';
import { claimDueChores, nextChoreDueAt, setUpChore, walkAgain } from '../catalog/watch/chores.ts';
import type { Config } from '../config.ts';
import { EXPORT_LEASE_MS, runExport } from '../export/run.ts';
import { segmentStore } from '../journal/store.ts';
import { startJournal } from '../journal/worker.ts';
import { confirm } from '../slack/confirm.ts';
import { isInAny, ownConversations } from '../slack/conversations.ts';
import { fileInfo, textOfMail } from '../slack/file-info.ts';
import { slackHistory } from '../slack/history.ts';
import { listRows } from '../slack/list-rows.ts';
import { legalHoldOf, setLegalHold } from '../storage/legal-hold.ts';
import { removeObject } from '../storage/remove.ts';
import type { PokedWorker, Vault } from '../vault/context.ts';
import { clearCharts } from './clear-charts.ts';
import { publishHome } from './home.ts';
import { lightVerify } from './light-verify.ts';
import { lookForMissedChanges } from './missed-changes.ts';
import { patrol } from './patrol.ts';
import { postScreen } from './post-screen.ts';
import { retain } from './retain.ts';
import { unshared } from './unshared.ts';
import { startVersionWorkers } from './version-workers.ts';
import { startWorker, type Worker } from './worker.ts';

const LEASE_MS = 60_000;
/** Other processes add rows without telling; with SQLite there are none. */
const LONGEST_SLEEP_MS = { postgres: 2_000, sqlite: 30_000 };
const POSTS_AT_ONCE = 8;
const HOMES_AT_ONCE = 4;
/** Slack's limits decide how fast this goes; more at once would only wait longer. */
const SWEEPS_AT_ONCE = 4;
const BACKFILLS_AT_ONCE = 2;
/** A page may wait its turn for a minute, and for another because Slack says so. */
const SWEEP_LEASE_MS = 5 * 60_000;
/** For what the journal has not told yet, when everything else has stopped. */
const LAST_WORDS_MS = 3_000;

const LEGAL_HOLDS_AT_ONCE = 4;

/** Not at every start: pictures are few, and may stay a while longer. */
const FIRST_CLEARING_MS = 60 * 60_000;

/** A new vault's first comparison waits until the start's own work is done. */
const FIRST_VERIFY_MS = 5 * 60_000;
/** Soon after each start: changes may have been missed. */
const FIRST_CHANGES_MS = 60_000;
const HOUR_MS = 60 * 60_000;

/** Makes sure of the vault's own chores: looking after itself, and comparing catalog and bucket. */
export async function setUpChores({ catalog, policy, objectLock, now }: Vault): Promise<void> {
  if (objectLock) await walkHoldsAgain(catalog, now());
  await setUpChore(catalog, 'patrol', now());
  await setUpChore(catalog, 'changes', now() + FIRST_CHANGES_MS);
  await walkAgain(catalog, 'changes', now() + FIRST_CHANGES_MS);
  await setUpChore(catalog, 'charts', now() + FIRST_CLEARING_MS);
  await setUpChore(catalog, 'retention', now(), now());
  await setUpChore(catalog, 'unshared', now(), now());
  const everyMs = policy.verifyHours * HOUR_MS;
  await setUpChore(catalog, 'verify', everyMs === 0 ? null : now() + FIRST_VERIFY_MS, now() + everyMs);
}

/** What the end of a capture makes due. All the others would look in vain, a hundred times a second. */
const AFTER_CAPTURE: readonly PokedWorker[] = ['confirm', 'home', 'journal', 'object hold'];

export interface Workers {
  /** Makes these workers look for due rows, or all of them when none is named. */
  poke(...names: PokedWorker[]): void;
  /** Hands or finishes everything within `graceMs`; App Homes and confirmations that remain are due after a start. */
  stop(graceMs: number): Promise<void>;
}

/** Starts everything that works on due rows: captures, confirmations, App Homes and purges. */
export function startWorkers(vault: Vault, config: Config, owner: string): Workers {
  const { catalog, bucket, slack, policy, log, now, meters } = vault;
  const longestSleepMs = LONGEST_SLEEP_MS[catalog.kind];
  const due = (limit: number) => ({ owner, limit, leaseMs: LEASE_MS, now: now() });
  /** How files are fetched from Slack. */
  const from: Pick<CopyRequest, 'token' | 'allowedHosts' | 'listRows'> = {
    token: config.slack.botToken,
    allowedHosts: [new URL(config.slack.apiUrl).hostname],
    listRows: (list, stopped) => listRows(slack, list, { signal: stopped }),
  };
  const sweeps = {
    ...{ catalog, owner, log, now, policy, botUserId: vault.identity.botUserId },
    source: slackHistory({ api: slack, teamId: vault.identity.teamId }),
  };
  const everyMs = config.sweepMinutes === 0 ? null : config.sweepMinutes * 60_000;
  const rounds = { catalog, owner, log, now, everyMs, conversations: () => ownConversations(slack) };
  const [fileTurns, postTurns] = [{ last: '' }, { last: '' }];
  // A row's end makes other rows due: a stored file its confirmation, and both the App Homes.
  const workers: Worker[] = [];
  const poke = (...names: readonly string[]) => {
    for (const worker of workers) if (names.length === 0 || names.includes(worker.name)) worker.poke();
  };

  const journal = startJournal({
    catalog,
    store: segmentStore(bucket, vault.identity.teamId),
    owner,
    everyMs: config.journalSeconds * 1000,
    longestSleepMs,
    log,
    now,
  });
  workers.push(
    journal,
    startWorker({
      name: 'capture',
      concurrency: config.captureConcurrency,
      claim: (limit) => claimDueFiles(catalog, due(limit), fileTurns),
      nextDueAt: () => nextDueAt(catalog),
      key: ({ teamId, fileId }) => `${teamId}/${fileId}`,
      async work(file, signal) {
        const outcome = await capture(
          {
            catalog,
            owner,
            leaseMs: LEASE_MS,
            policy,
            confirm: policy.confirm,
            fileInfo: (row) => fileInfo(slack, row),
            isInAny: (channelIds) => isInAny(slack, channelIds),
            copy: (row, stop, maxBytes) =>
              copyFile({
                ...from,
                bucket,
                file: row,
                maxBytes,
                signal: stop,
                mailText: (mail) => textOfMail(slack, mail),
              }),
            log,
            now,
          },
          file,
          signal,
        );
        meters.captured.inc({ outcome });
        poke(...AFTER_CAPTURE);
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'sweep',
      concurrency: SWEEPS_AT_ONCE,
      claim: (limit) => claimDueSweeps(catalog, { ...due(limit), leaseMs: SWEEP_LEASE_MS }),
      nextDueAt: () => nextSweepDueAt(catalog),
      async work(row) {
        if (row.isRound) await startRound(rounds, row);
        else await sweep(sweeps, row);
        poke();
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'backfill',
      concurrency: BACKFILLS_AT_ONCE,
      claim: (limit) => claimDueBackfills(catalog, { ...due(limit), leaseMs: SWEEP_LEASE_MS }),
      nextDueAt: () => nextBackfillDueAt(catalog),
      async work(row) {
        await backfill(sweeps, row);
        poke();
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'confirm',
      urgency: 'confirmation',
      concurrency: POSTS_AT_ONCE,
      claim: (limit) => claimDuePosts(catalog, due(limit), postTurns),
      nextDueAt: () => nextPostDueAt(catalog),
      key: ({ id }) => String(id),
      work: async (post) => {
        const render = (told: Post) => postScreen(vault, told);
        const { reaction } = policy;
        await confirm({ catalog, api: slack, owner, render, reaction, log, now }, post);
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'home',
      urgency: 'home',
      concurrency: HOMES_AT_ONCE,
      claim: (limit) => claimDueHomes(catalog, due(limit)),
      nextDueAt: () => nextHomeDueAt(catalog),
      work: (home) => publishHome(vault, owner, home),
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'chore',
      concurrency: 2,
      claim: (limit) => claimDueChores(catalog, due(limit)),
      nextDueAt: () => nextChoreDueAt(catalog),
      work: (chore, signal) =>
        ({
          changes: () => lookForMissedChanges(vault, owner, chore),
          patrol: () => patrol(vault, owner, chore),
          charts: () => clearCharts(vault, owner, chore),
          retention: () => retain(vault, owner, chore),
          unshared: () => unshared(vault, owner, chore),
          verify: () => lightVerify(vault, owner, chore, { everyMs: policy.verifyHours * HOUR_MS, signal }),
        })[chore.name](),
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'hold',
      concurrency: 1,
      claim: (limit) => claimDueHolds(catalog, due(limit)),
      nextDueAt: () => nextHoldDueAt(catalog),
      async work(hold) {
        await walkHold(catalog, hold, owner, { objectLock: vault.objectLock, now: now() });
        poke();
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'export',
      concurrency: 1,
      claim: (limit) => claimDueExports(catalog, { ...due(limit), leaseMs: EXPORT_LEASE_MS }),
      nextDueAt: () => nextExportDueAt(catalog),
      async work(job, signal) {
        await runExport(vault, owner, job, signal);
        poke();
      },
      longestSleepMs,
      log,
    }),
    startWorker({
      name: 'purge',
      concurrency: 1,
      claim: (limit) => claimPurges(catalog, due(limit)),
      nextDueAt: () => nextPurgeDueAt(catalog),
      work: (file) =>
        purge(
          {
            ...{ catalog, owner, log, now },
            remove: (key) => removeObject(bucket, key),
            nextVersionKeys: (one, number) => nextVersionKeys(bucket, one, number),
          },
          file,
        ),
      longestSleepMs,
      log,
    }),
    ...startVersionWorkers(vault, {
      ...{ owner, leaseMs: LEASE_MS, longestSleepMs, due, poke: () => poke(...AFTER_CAPTURE, 'old version') },
      from,
    }),
  );
  if (vault.objectLock) {
    const held = {
      ...{ catalog, owner, log, now },
      legalHoldOf: (version: Parameters<typeof legalHoldOf>[1]) => legalHoldOf(bucket, version),
      setLegalHold: (version: Parameters<typeof setLegalHold>[1], isOn: boolean) =>
        setLegalHold(bucket, version, isOn),
    };
    workers.push(
      startWorker({
        name: 'object hold',
        concurrency: LEGAL_HOLDS_AT_ONCE,
        claim: (limit) => claimDueObjectHolds(catalog, due(limit)),
        nextDueAt: () => nextObjectHoldDueAt(catalog),
        work: (row) => holdObject(held, row),
        longestSleepMs,
        log,
      }),
    );
  }
  return {
    poke,
    async stop(graceMs) {
      await Promise.all(workers.map((worker) => worker.stop(graceMs)));
      await journal.finish(LAST_WORDS_MS);
    },
  };
}
