import { type DrillMemo, lastDrill } from '../catalog/alerts/drills.ts';
import type { VerifySummary } from '../catalog/alerts/findings.ts';
import { memoOf } from '../catalog/alerts/periodic-jobs.ts';
import { channelStatus, sweepStatus } from '../catalog/alerts/status.ts';
import { type Rebuilt, recall } from '../catalog/memory.ts';
import { DAY_MS } from '../time.ts';
import { type CoverageList, coverageIfKnown } from './channels/coverage.ts';
import type { Vault } from './context.ts';

/** For so long, a rebuild is news. */
const NEWS_MS = 30 * DAY_MS;

export interface VaultHealth {
  /** When the last sweep of all channels ended, and the channels that could not be read. */
  sweep: { lastAt: number | null; unreadable: string[] };
  /** The last comparison of catalog and bucket; null before the first. */
  verified: VerifySummary | null;
  verifyHours: number;
  /** The last restore drill, and one that could not be done since. */
  drill: Pick<DrillMemo, 'last' | 'failed'>;
  drillDays: number;
  /** The last rebuild of the catalog from the bucket, for a month. */
  rebuilt: Rebuilt | null;
  /** Channels that the bot is in, and channels that it was in. */
  covered: number;
  left: string[];
  /** Which public channels are saved; null when Slack does not say. */
  channels: CoverageList | null;
}

/** Whether anything is missed or lost; for those who run the vault. */
export async function vaultHealth(vault: Vault): Promise<VaultHealth> {
  const { catalog, identity, policy, now } = vault;
  const [sweep, memo, drill, places, rebuilt, channels] = await Promise.all([
    sweepStatus(catalog, identity.teamId),
    memoOf(catalog, 'verify') as Promise<{ last?: VerifySummary }>,
    lastDrill(catalog),
    channelStatus(catalog, identity.teamId),
    recall<Rebuilt>(catalog, 'rebuilt'),
    coverageIfKnown(vault),
  ]);
  return {
    sweep,
    verified: memo.last ?? null,
    verifyHours: policy.verifyHours,
    ...{ drill, drillDays: policy.drillDays },
    rebuilt: rebuilt !== null && rebuilt.at > now() - NEWS_MS ? rebuilt : null,
    ...places,
    channels,
  };
}
