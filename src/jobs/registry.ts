import type { Vault, WokenJob } from '../vault/context.ts';
import { auditLogJob } from './audit-log.ts';
import { backfillJob } from './backfill.ts';
import { captureJob } from './capture.ts';
import { changeJob } from './change.ts';
import { confirmJob } from './confirm.ts';
import { exportJob } from './export.ts';
import { holdJob, setUpHolds } from './hold.ts';
import { homeJob } from './home.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';
import { joinJob } from './join.ts';
import { journalJob } from './journal.ts';
import { mergeJob } from './merge.ts';
import { objectHoldJob } from './object-hold.ts';
import { oldVersionJob } from './old-version.ts';
import { PERIODIC } from './periodic/index.ts';
import { periodicJob } from './periodic-job.ts';
import { purgeJob } from './purge.ts';
import { readJob } from './read.ts';
import { saidJob } from './said.ts';
import { rescanJob, scanJob } from './scan.ts';
import { sweepJob } from './sweep.ts';
import { startWorker, type Worker } from './worker.ts';

type MakeJob = (context: JobContext) => Job<unknown> | null;

/** The jobs that need no bucket. A job that this vault does not need is null. */
const WITHOUT_BUCKET: readonly MakeJob[] = [
  sweepJob,
  backfillJob,
  joinJob,
  confirmJob,
  homeJob,
  periodicJob,
  auditLogJob,
  saidJob,
  mergeJob,
];

/** All others. They begin when the bucket is there. */
const WITH_BUCKET: readonly MakeJob[] = [
  journalJob,
  captureJob,
  holdJob,
  exportJob,
  purgeJob,
  changeJob,
  oldVersionJob,
  scanJob,
  rescanJob,
  readJob,
  objectHoldJob,
];

/** Other processes add rows without saying so; with SQLite there are no others. */
const LONGEST_SLEEP_MS = { postgres: 2_000, sqlite: 30_000 };
/** For changes that the journal has not written yet, when all else has stopped. */
const LAST_WORDS_MS = 3_000;

export interface Jobs {
  /** Makes these jobs look for due rows; without names, all jobs. */
  wake(...names: WokenJob[]): void;
  /** The bucket is there: the jobs that need it begin. */
  startWithBucket(): Promise<void>;
  /** Finishes or hands back all within `graceMs`; App Homes and confirmations that are left wait for the next start. */
  stop(graceMs: number): Promise<void>;
}

/** Makes sure that the rows for the vault's own work exist. Call it at each start, before `startJobs`. */
export async function setUpJobs(vault: Vault): Promise<void> {
  for (const one of Object.values(PERIODIC)) await one.setUp(vault);
}

/** All jobs that this vault has. */
export function jobsOf(context: JobContext): Job<unknown>[] {
  return made([...WITHOUT_BUCKET, ...WITH_BUCKET], context);
}

function made(makers: readonly MakeJob[], context: JobContext): Job<unknown>[] {
  return makers.map((make) => make(context)).filter((job) => job !== null);
}

/**
 * Starts what works on due rows: sweeps, confirmations, App Homes and others; captures, purges and all that needs the
 * bucket only with `startWithBucket`.
 */
export function startJobs(vault: Vault, config: JobContext['config'], owner: string): Jobs {
  const { catalog, log, now } = vault;
  const longestSleepMs = LONGEST_SLEEP_MS[catalog.kind];
  const due = (limit: number, leaseMs = LEASE_MS) => ({ owner, limit, leaseMs, now: now() });
  const context = { vault, config, owner, due };
  const running: Array<{ job: Job<unknown>; worker: Worker }> = [];
  const start = (makers: readonly MakeJob[]) => {
    for (const job of made(makers, context))
      running.push({ job, worker: startWorker({ ...job, longestSleepMs, log }) });
  };
  start(WITHOUT_BUCKET);
  return {
    // Finished work makes other rows due: a stored file its confirmation; both make App Homes due.
    wake(...names: readonly string[]) {
      for (const { worker } of running) if (names.length === 0 || names.includes(worker.name)) worker.wake();
    },
    async startWithBucket() {
      await setUpHolds(vault);
      start(WITH_BUCKET);
    },
    async stop(graceMs) {
      await Promise.all(running.map(({ worker }) => worker.stop(graceMs)));
      for (const { job } of running) await job.finish?.(LAST_WORDS_MS);
    },
  };
}
