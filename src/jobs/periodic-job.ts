import {
  claimDuePeriodicJobs,
  nextPeriodicJobDueAt,
  type PeriodicJob,
} from '../catalog/alerts/periodic-jobs.ts';
import { othersScan } from '../vault/scan/others.ts';
import type { Job, JobContext } from './job.ts';
import { PERIODIC } from './periodic/index.ts';

/** A restore drill may hold one of these for hours. */
const AT_ONCE = 3;

/** Does the work that comes round by the clock. */
export function periodicJob({ vault, owner, due }: JobContext): Job<PeriodicJob> {
  const { catalog, scan } = vault;
  // Only a bot with a scanner can look after it. If no bot has one, any bot tells what was found before.
  const left = () => (scan !== undefined && othersScan(scan) ? 'scan' : null);
  return {
    name: 'chore',
    rows: 'periodicJob',
    concurrency: AT_ONCE,
    claim: (limit) => claimDuePeriodicJobs(catalog, due(limit), left()),
    nextDueAt: () => nextPeriodicJobDueAt(catalog, left()),
    work: (row, signal) => PERIODIC[row.name].work(vault, owner, row, signal),
  };
}
