import {
  claimDueHolds,
  type HoldRecord,
  nextHoldDueAt,
  walkHold,
  walkHoldsAgain,
} from '../catalog/governance/holds.ts';
import type { Vault } from '../vault/context.ts';
import type { Job, JobContext } from './job.ts';

/**
 * If the bucket has Object Lock, each start makes sure that all files on hold are held in the bucket too. If the vault
 * may not ask whether it has, that is told: nobody else would notice that holds do not reach the bucket.
 */
export async function setUpHolds({ catalog, objectLock, log, now }: Vault): Promise<void> {
  if (objectLock === 'unknown')
    log.warn(
      { code: 'object_lock_unknown' },
      'the vault may not ask whether the bucket has Object Lock, so holds do not reach the bucket; allow s3:GetBucketObjectLockConfiguration (docs/storage.md)',
    );
  if (objectLock === true) await walkHoldsAgain(catalog, now());
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
      await walkHold(catalog, hold, owner, { objectLock: objectLock === true, now: now() });
      vault.wake();
    },
  };
}
