import { setTimeout as pause } from 'node:timers/promises';
import { deferPeriodicJob, type PeriodicJob, renewPeriodicJob } from '../../catalog/alerts/periodic-jobs.ts';
import { wipe, wipeDone } from '../../catalog/files/wipe.ts';
import { errorCode } from '../../errors.ts';
import type { Vault } from '../../vault/context.ts';
import { LEASE_MS } from '../job.ts';
import type { PeriodicWork } from './periodic-work.ts';

const AGAIN_MS = 10 * 60_000;
const RENEW_MS = LEASE_MS / 3;
/** It rests three times as long as it works: the index of a million documents takes a minute or two of the processor. */
const RESTS = 3;

export const wipeOfForgotten: PeriodicWork = {
  name: 'wipe',
  // Its row comes when a name is forgotten.
  setUp: async () => {},
  work: wipeForgotten,
};

/** Removes from the database's file what is still there of names that were forgotten (catalog/files/wipe.ts). */
async function wipeForgotten(
  { catalog, log, now }: Vault,
  owner: string,
  { memo }: PeriodicJob,
  signal: AbortSignal,
): Promise<void> {
  let renewed = performance.now();
  let began = performance.now();
  try {
    await wipe(catalog, now, async () => {
      await pause(RESTS * (performance.now() - began), undefined, { signal });
      began = performance.now();
      if (performance.now() - renewed < RENEW_MS) return;
      renewed = performance.now();
      await renewPeriodicJob(catalog, 'wipe', owner, now() + LEASE_MS);
    });
    await wipeDone(catalog, owner, memo, now());
  } catch (error) {
    if (!signal.aborted)
      log.warn({ code: errorCode(error), err: error }, 'what was forgotten could not be wiped; trying again');
    await deferPeriodicJob(catalog, 'wipe', owner, now() + AGAIN_MS);
  }
}
