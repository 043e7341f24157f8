import { raiseAlert } from '../../catalog/alerts/alerts.ts';
import { periodicJobSoon } from '../../catalog/alerts/periodic-jobs.ts';
import { channelById, upsertChannel } from '../../catalog/files/channels.ts';
import { renewHomes, touchHomes } from '../../catalog/notices/homes.ts';
import { forgetJoin } from '../../catalog/sweep/joins.ts';
import { SlackApiError } from '../../slack/api.ts';
import type { Vault } from '../context.ts';
import { COUNT_AFTER_MS } from './joined.ts';
import { isTakenOut } from './taken-out.ts';

/** Somebody left a channel and may no longer see its files. `channelId` is null if Slack did not say which. */
export async function leftChannel(
  vault: Vault,
  { userId, channelId }: { userId: string; channelId: string | null },
): Promise<void> {
  vault.people.forgetPerson(userId);
  if (channelId !== null) vault.people.left(userId, channelId);
  if (userId === vault.identity.botUserId) {
    if (channelId !== null) await botLeftChannel(vault, { channelId });
    return;
  }
  // Their App Home stops showing the channel, even if nobody opens it.
  await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}

/**
 * The bot left a channel, or was removed from it: its files stay kept, and admins are told. If the app was taken out of the
 * channel's workspace, nobody removed the bot from the channel.
 */
export async function botLeftChannel(vault: Vault, { channelId }: { channelId: string }): Promise<void> {
  vault.people.forgetChannel(channelId);
  vault.people.forgetMemberships();
  const { catalog, identity, now } = vault;
  const { teamId } = identity;
  const known = await channelById(catalog, teamId, channelId);
  const isAway = known?.isMember !== false && (await isAwayNow(vault, channelId));
  // Slack says it twice; admins are told once.
  if (known?.isMember !== false) {
    if (!isAway) await raiseAlert(catalog, teamId, { kind: 'removed', channelId }, now());
    await periodicJobSoon(catalog, 'patrol', now());
    await periodicJobSoon(catalog, 'channels', now() + COUNT_AFTER_MS);
    await touchHomes(catalog, teamId, now());
    vault.wake();
  }
  // Who took it out does not want it: it comes back only with a person. Whoever archives a channel takes nobody out.
  const isRemoved = known?.isMember !== false && known?.isArchived !== true && !isAway;
  const removedAt = isRemoved ? { removedAt: now() } : {};
  await upsertChannel(catalog, { teamId, channelId, isMember: false, checkedAt: now(), ...removedAt });
  await forgetJoin(catalog, { teamId, channelId });
}

/** While Slack does not say it, people count as those who removed the bot: it does not come back against their wish. */
async function isAwayNow(vault: Vault, channelId: string): Promise<boolean> {
  try {
    return await isTakenOut(vault, channelId);
  } catch (error) {
    if (error instanceof SlackApiError) return false;
    throw error;
  }
}
