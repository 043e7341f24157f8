import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keepLease } from '../../capture/lease.ts';
import {
  type Damage,
  type DrillMemo,
  type DrillSummary,
  differences,
  type ReadingPlace,
  withDrill,
} from '../../catalog/alerts/drills.ts';
import {
  amendMemo,
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  periodicJobSoon,
  renewPeriodicJob,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { withoutName } from '../../storage/key.ts';
import { DAY_MS, HOUR_MS } from '../../time.ts';
import type { Vault } from '../../vault/context.ts';
import { LEASE_MS } from '../job.ts';
import type { PeriodicWork } from './periodic-work.ts';

/** A new vault's first drill waits until the work of the start is done. */
const FIRST_MS = HOUR_MS;
/** After one that could not be done. */
const AGAIN_MS = HOUR_MS;
const DRILL = fileURLToPath(new URL('../../cli/drill.ts', import.meta.url));
/** The end of what a broken child has said. */
const LAST_WORDS = 500;

export const restoreDrill: PeriodicWork = {
  name: 'drill',
  async setUp({ catalog, policy, now }) {
    const everyMs = policy.drillDays * DAY_MS;
    await setUpPeriodicJob(catalog, 'drill', everyMs === 0 ? null : now() + FIRST_MS, now() + everyMs);
    // An alert stands on it: a bot that restarts often may never come to its first drill.
    await amendMemo(catalog, 'drill', ({ wantedSince = now(), ...memo }) =>
      everyMs === 0 ? memo : { ...memo, wantedSince },
    );
  },
  work,
};

/** What the process that does the drill prints at its end. */
type Outcome =
  | { summary: DrillSummary; place: ReadingPlace }
  | { problem: { code: string; message: string } };

/**
 * A restore drill, in a process of its own with the lowest priority: it works for minutes, and SQLite would hold up
 * everything else meanwhile. Of several bots, the one that holds the row does it; should it die, the drill dies with it,
 * and another bot begins anew.
 */
async function work(vault: Vault, owner: string, { name, memo }: PeriodicJob, stop: AbortSignal) {
  const { catalog, policy, log, now } = vault;
  const known = memo as DrillMemo;
  const lease = keepLease({ leaseMs: LEASE_MS, log, now }, { job: name }, (until) =>
    renewPeriodicJob(catalog, name, owner, until),
  );
  const outcome = await inChild(AbortSignal.any([stop, lease.lost])).finally(lease.end);
  if (outcome === null) {
    await deferPeriodicJob(catalog, name, owner, now());
    return;
  }
  if ('problem' in outcome) {
    const { code, message } = outcome.problem;
    log.warn({ code, why: message }, 'the restore drill could not be done; trying again');
    const failed = { at: now(), code, why: message };
    await periodicJobDone(catalog, name, owner, { memo: { ...known, failed }, dueAt: now() + AGAIN_MS });
    return;
  }
  const { summary, place } = outcome;
  const { files, rows, objects, read, readBytes, counts, startedAt, finishedAt } = summary;
  const facts = {
    files,
    rows,
    objects,
    read,
    readBytes,
    ms: finishedAt - startedAt,
    differ: differences(summary),
  };
  if (facts.differ === 0) log.info(facts, 'restore drill: everything came back');
  else {
    for (const damage of summary.examples)
      log.warn(nameless(damage), 'restore drill: this would not come back as it is');
    log.warn({ code: 'drill_differs', ...facts, counts }, 'restore drill: not everything came back as it is');
  }
  const next = { memo: { ...withDrill(known, summary, place) }, dueAt: now() + policy.drillDays * DAY_MS };
  await periodicJobDone(catalog, name, owner, next);
  await periodicJobSoon(catalog, 'patrol', now());
  vault.wake();
}

/** For the log: damage to an object is told by its key. */
function nameless(damage: Damage): Damage {
  if (!damage.kind.startsWith('object_')) return damage;
  return { ...damage, what: withoutName(damage.what), detail: withoutName(damage.detail) };
}

/** What came out; null when it was stopped. */
async function inChild(signal: AbortSignal): Promise<Outcome | null> {
  if (signal.aborted) return null;
  // It ends when this process does, in whatever way: then its standard input ends.
  const child = spawn(process.execPath, [DRILL, '--for-bot'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err = (said.err + text).slice(-LAST_WORDS);
  });
  child.stdin.on('error', () => {});
  const kill = () => child.kill();
  signal.addEventListener('abort', kill);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(error.message));
  child.once('close', (code, by) => resolve(`it ended with ${by ?? code}`));
  const how = await ended;
  signal.removeEventListener('abort', kill);
  if (signal.aborted) return null;
  try {
    return JSON.parse(said.out);
  } catch {
    return { problem: { code: 'drill_failed', message: `${how}. ${said.err}`.trim() } };
  }
}
