import {
  claimDuePeriodicJobs,
  nextPeriodicJobDueAt,
  type PeriodicJob,
} from '../catalog/alerts/periodic-jobs.ts';
import type { Job, JobContext } from './job.ts';
import { PERIODIC } from './periodic/index.ts';

/** A restore drill may hold one of these for hours. */
const AT_ONCE = 3;

/** Does the work that comes round by the clock. */
export function periodicJob({ vault, owner, due }: JobContext): Job<PeriodicJob> {
  const { catalog } = vault;
  return {
    name: 'chore',
    rows: 'periodicJob',
    concurrency: AT_ONCE,
    claim: (limit) => claimDuePeriodicJobs(catalog, due(limit)),
    nextDueAt: () => nextPeriodicJobDueAt(catalog),
    work: (row, signal) => PERIODIC[row.name].work(vault, owner, row, signal),
  };
}
