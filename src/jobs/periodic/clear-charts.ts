import {
  deferPeriodicJob,
  type PeriodicJob,
  periodicJobDone,
  setUpPeriodicJob,
} from '../../catalog/alerts/periodic-jobs.ts';
import { errorCode } from '../../errors.ts';
import type { Vault } from '../../vault/context.ts';
import type { PeriodicWork } from './periodic-work.ts';

const EVERY_MS = 6 * 60 * 60_000;
const AGAIN_MS = 10 * 60_000;
/** Not at every start: there are few pictures, and they may stay longer. */
const FIRST_MS = 60 * 60_000;

export const clearingOfCharts: PeriodicWork = {
  name: 'charts',
  setUp: ({ catalog, now }) => setUpPeriodicJob(catalog, 'charts', now() + FIRST_MS),
  work: clearCharts,
};

/** Removes yesterday's pictures from the bucket: one request when there are none. */
async function clearCharts(vault: Vault, owner: string, periodicJob: PeriodicJob): Promise<void> {
  const { catalog, charts, log, now } = vault;
  try {
    const removed = await charts.clear();
    await periodicJobDone(catalog, periodicJob.name, owner, { memo: { removed }, dueAt: now() + EVERY_MS });
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, 'old charts could not be removed; trying again');
    await deferPeriodicJob(catalog, periodicJob.name, owner, now() + AGAIN_MS);
  }
}
