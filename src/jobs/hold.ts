import {
  applyHold,
  applyHoldsAgain,
  claimDueHolds,
  type HoldRecord,
  nextHoldDueAt,
} from '../catalog/governance/holds.ts';
import { recall, remember } from '../catalog/memory.ts';
import type { Vault } from '../vault/context.ts';
import type { Job, JobContext } from './job.ts';

/**
 * The first start that finds Object Lock makes sure that all files on hold are held in the bucket too. If the vault
 * may not ask whether it has, that is told: nobody else would notice that holds do not reach the bucket.
 */
export async function setUpHolds({ catalog, objectLock, log, now }: Vault): Promise<void> {
  if (objectLock === 'unknown')
    log.warn(
      { code: 'object_lock_unknown' },
      'the vault may not ask whether the bucket has Object Lock, so holds do not reach the bucket; allow s3:GetBucketObjectLockConfiguration (docs/storage.md)',
    );
  const isOn = objectLock === true;
  const wasOn = (await recall<{ isOn: boolean }>(catalog, 'objectLock'))?.isOn === true;
  // Since the last start the bucket has got Object Lock, or the vault may ask about it now.
  if (isOn && !wasOn) await applyHoldsAgain(catalog, now());
  await remember(catalog, 'objectLock', { isOn });
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
      await applyHold(catalog, hold, owner, { objectLock: objectLock === true, now: now() });
      vault.wake();
    },
  };
}
