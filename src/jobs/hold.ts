import {
  applyHold,
  applyHoldsAgain,
  claimDueHolds,
  type HoldRecord,
  nextHoldDueAt,
} from '../catalog/governance/holds.ts';
import type { Vault } from '../vault/context.ts';
import type { Job, JobContext } from './job.ts';

/** If the bucket has Object Lock, each start makes sure that all files on hold are held in the bucket too. */
export async function setUpHolds({ catalog, objectLock, now }: Vault): Promise<void> {
  if (objectLock) await applyHoldsAgain(catalog, now());
}

/** Walks through the files of a hold that was set or lifted. */
export function holdJob({ vault, owner, due }: JobContext): Job<HoldRecord> {
  const { catalog, objectLock, now } = vault;
  return {
    name: 'hold',
    rows: 'hold',
    concurrency: 1,
    claim: (limit) => claimDueHolds(catalog, due(limit)),
    nextDueAt: () => nextHoldDueAt(catalog),
    async work(hold) {
      await applyHold(catalog, hold, owner, { objectLock, now: now() });
      vault.wake();
    },
  };
}
