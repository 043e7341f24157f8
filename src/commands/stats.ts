import type { Screen } from '../blocks/elements.ts';
import { type Cost, type StatsInput, statsScreen } from '../blocks/stats.ts';
import { stats as readStats, unkeptSums, uploadedBy } from '../catalog/stats.ts';
import { trashTotal } from '../catalog/under-way.ts';
import { type GrowthMonth, growthOf, growthSince } from '../charts/growth.ts';
import { S3_STANDARD_PER_GB } from '../config.ts';
import { errorCode } from '../errors.ts';
import type { Vault } from '../vault/context.ts';
import type { Command } from './command.ts';

const LARGEST = 5;
/** A month under way tells too little, so the estimate takes these before it. */
const MONTHS_OF_REQUESTS = 3;
/** Storing a file is one PUT. S3 Standard, us-east-1: aws.amazon.com/s3/pricing. */
const PER_THOUSAND_REQUESTS = 0.005;

/** `/vault stats`: how much there is, by month, type, channel and person, and what it costs. */
export const stats: Command = {
  name: 'stats',
  usage: 'stats',
  summary: 'Shows how much the vault holds, how it grows, and what that costs.',
  examples: [],
  async run(vault, { userId, reply }) {
    const numbers = await gather(vault, userId);
    const draw = (picture: string | null): Screen => statsScreen({ ...numbers, picture });
    const picture = numbers.total.files === 0 ? null : await picturedGrowth(vault, numbers.growth);
    if (picture === null) return reply(draw(null));
    try {
      await reply(draw(picture));
    } catch (error) {
      // Slack refuses a message whose picture it cannot fetch, as from a bucket on a private network.
      vault.log.info({ code: errorCode(error) }, 'Slack did not take a picture; it gets letters instead');
      await reply(draw(null));
    }
  },
};

async function gather(vault: Vault, userId: string): Promise<Omit<StatsInput, 'picture'>> {
  const { catalog, rights, identity, policy } = vault;
  const { teamId } = identity;
  const now = vault.now();
  const [channelIds, isAdmin] = await Promise.all([rights.visibleChannels(userId), rights.isAdmin(userId)]);
  const [sums, unkept, own, trash] = await Promise.all([
    readStats(catalog, { teamId, channelIds, whole: isAdmin, since: growthSince(now), limit: LARGEST }),
    unkeptSums(catalog, { teamId, channelIds, whole: isAdmin }),
    uploadedBy(catalog, teamId, userId),
    isAdmin ? trashTotal(catalog, teamId) : null,
  ]);
  const { total, months, types, channels, people } = sums;
  const growth = growthOf(months, total.bytes, now);
  return {
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

/** The link to the picture; null when it could not be made, which is no reason to show no numbers. */
async function picturedGrowth(vault: Vault, growth: GrowthMonth[]): Promise<string | null> {
  try {
    return await vault.charts.growth(growth);
  } catch (error) {
    vault.log.warn({ code: errorCode(error), err: error }, 'the picture of the growth could not be made');
    return null;
  }
}
