import {
  type Stats,
  type Sum,
  stats,
  trashTotal,
  type UnkeptSums,
  unkeptSums,
  uploadedBy,
} from '../catalog/totals/stats.ts';
import { type GrowthMonth, growthOf, growthSince } from '../charts/growth.ts';
import { S3_STANDARD_PER_GB } from '../config.ts';
import { errorCode } from '../errors.ts';
import type { Vault } from './context.ts';
import { type Named, namesShown } from './names.ts';

/** The current month is not complete, so the estimate uses the months before it. */
const MONTHS_OF_REQUESTS = 3;
/** Storing a file is one PUT. S3 Standard, us-east-1: aws.amazon.com/s3/pricing. */
const PER_THOUSAND_REQUESTS = 0.005;

/** How much the vault holds, as far as one person may know. */
export interface VaultStats extends Omit<Stats, 'months'> {
  /** True for those who run the vault: everything is counted, except in the list of channels. */
  whole: boolean;
  unkept: UnkeptSums;
  /** Only for those who run the vault. */
  trash: Sum | null;
  /** What this person uploaded, in any place. */
  own: Sum;
  /** The last months in order, this one last. */
  growth: GrowthMonth[];
  /** Null if the vault knows no price. */
  cost: Cost | null;
  names: Named;
}

/** What the storage costs in a month, in dollars. */
export interface Cost {
  bytes: number;
  newFiles: number;
  perGb: number;
  perThousandRequests: number;
  isListPrice: boolean;
}

/**
 * How much the vault holds of what this person could see in Slack, and for an admin of everything; the `limit` largest
 * of each kind.
 */
export async function vaultStats(
  vault: Vault,
  { userId, limit }: { userId: string; limit: number },
): Promise<VaultStats> {
  const { catalog, rights, identity, policy } = vault;
  const { teamId } = identity;
  const now = vault.now();
  const [channelIds, isAdmin] = await Promise.all([rights.visibleChannels(userId), rights.isAdmin(userId)]);
  const [sums, unkept, own, trash] = await Promise.all([
    stats(catalog, { teamId, channelIds, whole: isAdmin, since: growthSince(now), limit }),
    unkeptSums(catalog, { teamId, channelIds, whole: isAdmin }),
    uploadedBy(catalog, teamId, userId),
    isAdmin ? trashTotal(catalog, teamId) : null,
  ]);
  const { total, months, types, channels, people } = sums;
  const growth = growthOf(months, total.bytes, now);
  const ids = (parts: ReadonlyArray<{ name: string }>) => parts.map(({ name }) => name);
  const shown = { people: ids(people), channels: ids(channels) };
  return {
    names: await namesShown(vault, userId, shown),
    ...{ whole: isAdmin, total, unkept, trash, own, growth, types, channels, people },
    cost: policy.pricePerGb === 0 ? null : costOf(policy, total.bytes + (trash?.bytes ?? 0), growth),
  };
}

function costOf(policy: Vault['policy'], bytes: number, growth: GrowthMonth[]): Cost {
  const past = growth.slice(-1 - MONTHS_OF_REQUESTS, -1).map(({ added }) => added.files);
  const average = past.reduce((sum, files) => sum + files, 0) / MONTHS_OF_REQUESTS;
  return {
    bytes,
    newFiles: Math.round(average) || (growth.at(-1)?.added.files ?? 0),
    perGb: policy.pricePerGb,
    perThousandRequests: PER_THOUSAND_REQUESTS,
    isListPrice: policy.pricePerGb === S3_STANDARD_PER_GB,
  };
}

/**
 * The link to a picture of the growth; null if there is nothing to show, or the picture could not be made: the numbers
 * are shown anyway.
 */
export async function growthPicture(vault: Vault, { total, growth }: VaultStats): Promise<string | null> {
  if (total.files === 0) return null;
  try {
    return await vault.charts.growth(growth);
  } catch (error) {
    vault.log.warn({ code: errorCode(error), err: error }, 'the picture of the growth could not be made');
    return null;
  }
}
