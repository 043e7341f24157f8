import { raiseAlert } from '../../catalog/alerts/alerts.ts';
import { periodicJobSoon } from '../../catalog/alerts/periodic-jobs.ts';
import { channelById, upsertChannel } from '../../catalog/files/channels.ts';
import { renewHomes, touchHomes } from '../../catalog/notices/homes.ts';
import type { Vault } from '../context.ts';

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

/** The bot left a channel, or was removed from it: its files stay kept, and admins are told. */
export async function botLeftChannel(vault: Vault, { channelId }: { channelId: string }): Promise<void> {
  vault.people.forgetChannel(channelId);
  vault.people.forgetMemberships();
  const { catalog, identity, now } = vault;
  const { teamId } = identity;
  const known = await channelById(catalog, teamId, channelId);
  // Slack says it twice; admins are told once.
  if (known?.isMember !== false) {
    await raiseAlert(catalog, teamId, { kind: 'removed', channelId }, now());
    await periodicJobSoon(catalog, 'patrol', now());
    await touchHomes(catalog, teamId, now());
    vault.wake();
  }
  await upsertChannel(catalog, { teamId, channelId, isMember: false, checkedAt: now() });
}
