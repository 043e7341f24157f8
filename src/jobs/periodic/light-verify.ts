import { backOff } from '../../capture/back-off.ts';
import { type VerifyOptions, verifyRest, verifySlice } from '../../capture/verify.ts';
import { type Finding, noFindings, type VerifyMemo, type VerifyRun } from '../../catalog/alerts/findings.ts';
import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  periodicJobSoon,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { errorCode } from '../../errors.ts';
import { keyPrefix } from '../../storage/inventory.ts';
import { withoutName } from '../../storage/key.ts';
import { HOUR_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** How long a slice of the work lasts. The next begins after a rest, so that captures go first. */
const SLICE_MS = 5_000;
const REST_MS = 1_000;
const LEAST_WAIT_MS = 60_000;

/** The most single objects that one comparison asks about. For more objects, it trusts the listing. */
const MOST_QUESTIONS = 200;
const EXAMPLES = 10;

/** A new vault's first comparison waits until the work of the start is done. */
const FIRST_MS = 5 * 60_000;

export const lightVerification: PeriodicWork = {
  name: 'verify',
  async setUp({ catalog, policy, now }) {
    const everyMs = policy.verifyHours * HOUR_MS;
    await setUpPeriodicJob(catalog, 'verify', everyMs === 0 ? null : now() + FIRST_MS, now() + everyMs);
  },
  work: lightVerify,
};

/**
 * One slice of the bot's own comparison of catalog and bucket. It trusts the listing: one request for 1,000
 * objects, and at most 200 more about what looks wrong. It only reports; `npm run verify -- --repair` repairs.
 */
async function lightVerify(
  vault: Vault,
  owner: string,
  periodicJob: PeriodicJob,
  signal: AbortSignal,
): Promise<void> {
  const { catalog, bucket, policy, log, now } = vault;
  const memo = periodicJob.memo as VerifyMemo;
  const run = memo.run ?? begin(keyPrefix(bucket), now());
  // One that an older version began does not count every kind.
  run.counts = { ...noFindings(), ...run.counts };
  const options: VerifyOptions = {
    catalog,
    bucket,
    signal,
    now,
    mayAsk: () => run.asked++ < MOST_QUESTIONS,
    onFinding(finding) {
      run.counts[finding.kind] += 1;
      if (run.counts[finding.kind] <= EXAMPLES) log.warn(facts(finding), 'catalog and bucket do not agree');
    },
  };
  try {
    const until = now() + SLICE_MS;
    let after: string | null = run.after;
    do {
      const slice = await verifySlice(options, after);
      for (const name of ['objects', 'bytes', 'files'] as const) run[name] += slice[name];
      after = slice.after;
    } while (after !== null && now() < until);
    if (after !== null) {
      const next = { ...memo, run: { ...run, after } };
      await periodicJobDone(catalog, periodicJob.name, owner, { memo: next, dueAt: now() + REST_MS });
      return;
    }
    await verifyRest(options);
    const { startedAt, objects, bytes, files, counts } = run;
    const last = { startedAt, finishedAt: now(), objects, bytes, files, counts };
    log.info({ objects, files, counts }, 'catalog and bucket compared');
    await periodicJobDone(catalog, periodicJob.name, owner, {
      memo: { last },
      dueAt: now() + policy.verifyHours * HOUR_MS,
    });
    await periodicJobSoon(catalog, 'patrol', now());
    vault.wake();
  } catch (error) {
    if (!signal.aborted)
      log.warn(
        { code: errorCode(error), err: error },
        'catalog and bucket could not be compared; trying again',
      );
    const wait = signal.aborted ? 0 : Math.max(LEAST_WAIT_MS, backOff(periodicJob.attempts));
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + wait);
  }
}

function begin(after: string, startedAt: number): VerifyRun {
  return { after, startedAt, objects: 0, bytes: 0, files: 0, asked: 0, counts: noFindings() };
}

function facts({ kind, key, fileId, detail }: Finding) {
  return { kind, key: key === null ? null : withoutName(key), file: fileId, detail };
}
