import type { App } from '@slack/bolt';
import { channelById, upsertChannel } from '../catalog/channels.ts';
import { renewHomes, touchHomes } from '../catalog/home.ts';
import { raiseAlert } from '../catalog/watch/alerts.ts';
import { periodicJobSoon } from '../catalog/watch/periodic-jobs.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/** Somebody left a channel and may see its files no longer. When it is the bot, what is kept stays kept. */
export function memberLeftChannel(app: App, vault: Vault): void {
  app.event('member_left_channel', async ({ event }) => {
    const userId = idOf(event.user);
    if (userId === null) return;
    vault.people.forgetPerson(userId);
    const channelId = idOf(event.channel);
    if (channelId !== null) vault.people.left(userId, channelId);
    if (userId === vault.identity.botUserId) return leave(vault, event.channel);
    // What their App Home shows of the channel goes, also when nobody opens it.
    await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
    vault.wake();
  });
  // Slack tells an app of its own removal by these, one for each kind of channel.
  app.event('channel_left', async ({ event }) => leave(vault, event.channel));
  app.event('group_left', async ({ event }) => leave(vault, event.channel));
}

async function leave(vault: Vault, channel: unknown): Promise<void> {
  const channelId = idOf(channel);
  if (channelId === null) return;
  vault.people.forgetChannel(channelId);
  vault.people.forgetMemberships();
  const { catalog, identity, now } = vault;
  const { teamId } = identity;
  const known = await channelById(catalog, teamId, channelId);
  // Slack tells of it twice; admins hear of it once.
  if (known?.isMember !== false) {
    await raiseAlert(catalog, teamId, { kind: 'removed', channelId }, now());
    await periodicJobSoon(catalog, 'patrol', now());
    await touchHomes(catalog, teamId, now());
    vault.wake();
  }
  await upsertChannel(catalog, { teamId, channelId, isMember: false, checkedAt: now() });
}
