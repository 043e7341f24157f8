import type { HealthInput } from './blocks/health.ts';
import type { VerifyMemo } from './catalog/watch/findings.ts';
import { memoOf } from './catalog/watch/periodic-jobs.ts';
import { channelStatus, sweepStatus } from './catalog/watch/status.ts';
import { errorCode } from './errors.ts';
import type { Vault } from './vault/context.ts';

/** Whether nothing is missed and nothing is lost, as those who run the vault see it. */
export async function vaultHealth(vault: Vault): Promise<HealthInput> {
  const { catalog, identity, coverage, policy, log } = vault;
  const uncovered = coverage.uncovered().catch((error: unknown) => {
    log.warn({ code: errorCode(error), err: error }, 'the channels cannot be listed');
    return null;
  });
  const [sweep, memo, places] = await Promise.all([
    sweepStatus(catalog, identity.teamId),
    memoOf(catalog, 'verify') as Promise<VerifyMemo>,
    channelStatus(catalog, identity.teamId),
  ]);
  return {
    sweep,
    verified: memo.last ?? null,
    verifyHours: policy.verifyHours,
    ...places,
    uncovered: await uncovered,
  };
}
