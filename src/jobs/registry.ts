import type { Vault, WokenJob } from '../vault/context.ts';
import { backfillJob } from './backfill.ts';
import { captureJob } from './capture.ts';
import { changeJob } from './change.ts';
import { confirmJob } from './confirm.ts';
import { exportJob } from './export.ts';
import { holdJob, setUpHolds } from './hold.ts';
import { homeJob } from './home.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';
import { journalJob } from './journal.ts';
import { objectHoldJob } from './object-hold.ts';
import { oldVersionJob } from './old-version.ts';
import { PERIODIC } from './periodic/index.ts';
import { periodicJob } from './periodic-job.ts';
import { purgeJob } from './purge.ts';
import { sweepJob } from './sweep.ts';
import { startWorker } from './worker.ts';

/** Every job. A job that this vault does not need is null. */
const JOBS: ReadonlyArray<(context: JobContext) => Job<unknown> | null> = [
  journalJob,
  captureJob,
  sweepJob,
  backfillJob,
  confirmJob,
  homeJob,
  periodicJob,
  holdJob,
  exportJob,
  purgeJob,
  changeJob,
  oldVersionJob,
  objectHoldJob,
];

/** Other processes add rows without saying so; with SQLite there are no others. */
const LONGEST_SLEEP_MS = { postgres: 2_000, sqlite: 30_000 };
/** For changes that the journal has not written yet, when all else has stopped. */
const LAST_WORDS_MS = 3_000;

export interface Jobs {
  /** Makes these jobs look for due rows; without names, all jobs. */
  wake(...names: WokenJob[]): void;
  /** Finishes or hands back all within `graceMs`; App Homes and confirmations that are left wait for the next start. */
  stop(graceMs: number): Promise<void>;
}

/** Makes sure that the rows for the vault's own work exist. Call it at each start, before `startJobs`. */
export async function setUpJobs(vault: Vault): Promise<void> {
  await setUpHolds(vault);
  for (const one of Object.values(PERIODIC)) await one.setUp(vault);
}

/** All jobs that this vault has. */
export function jobsOf(context: JobContext): Job<unknown>[] {
  return JOBS.map((make) => make(context)).filter((job) => job !== null);
}

/** Starts everything that works on due rows: captures, confirmations, App Homes, purges and all the others. */
export function startJobs(vault: Vault, config: JobContext['config'], owner: string): Jobs {
  const { catalog, log, now } = vault;
  const longestSleepMs = LONGEST_SLEEP_MS[catalog.kind];
  const due = (limit: number, leaseMs = LEASE_MS) => ({ owner, limit, leaseMs, now: now() });
  const jobs = jobsOf({ vault, config, owner, due });
  const workers = jobs.map((job) => startWorker({ ...job, longestSleepMs, log }));
  return {
    // Finished work makes other rows due: a stored file its confirmation; both make App Homes due.
    wake(...names: readonly string[]) {
      for (const worker of workers) if (names.length === 0 || names.includes(worker.name)) worker.wake();
    },
    async stop(graceMs) {
      await Promise.all(workers.map((worker) => worker.stop(graceMs)));
      for (const job of jobs) await job.finish?.(LAST_WORDS_MS);
    },
  };
}
