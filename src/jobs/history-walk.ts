import type { SweepOptions } from '../capture/sweep.ts';
import { workspacesOfChannels } from '../catalog/files/channels.ts';
import { slackHistory } from '../slack/history.ts';
import { isTakenOut } from '../vault/channels/taken-out.ts';
import type { Vault } from '../vault/context.ts';

/** A page may wait a minute for its turn, and another minute because Slack says so. */
export const SWEEP_LEASE_MS = 5 * 60_000;

/** What every walk through a channel's history needs. */
export function walkOptions(vault: Vault, owner: string): SweepOptions {
  const { catalog, slack, identity, policy, log, now } = vault;
  return {
    ...{ catalog, owner, log, now, policy, botUserId: identity.botUserId },
    isTakenOut: (channelId) => isTakenOut(vault, channelId),
    source: slackHistory({
      ...{ api: slack, teamId: identity.teamId },
      storedWorkspaces: async (channelId) =>
        (await workspacesOfChannels(catalog, identity.teamId, [channelId])).get(channelId) ?? [],
    }),
  };
}
