import type { App } from '@slack/bolt';
import { upsertChannel } from '../catalog/channels.ts';
import { sayHello } from '../catalog/sweep/hello.ts';
import { meetChannel } from '../catalog/sweep/sweeps.ts';
import { clearTrouble } from '../catalog/watch/troubles.ts';
import type { Vault } from '../vault.ts';

/** Somebody joined a channel: what was kept about them is old. When it is the bot, the channel is now kept, and told so. */
export function memberJoinedChannel(app: App, vault: Vault): void {
  app.event('member_joined_channel', async ({ event }) => {
    vault.people.forgetPerson(event.user);
    if (event.user !== vault.identity.botUserId) return;
    vault.people.forgetChannel(event.channel);
    await upsertChannel(vault.catalog, {
      teamId: vault.identity.teamId,
      channelId: event.channel,
      // Slack calls every private channel `G` here, whatever its id begins with.
      kind: event.channel_type === 'G' ? 'private' : 'public',
      isMember: true,
      checkedAt: vault.now(),
    });
    await clearTrouble(vault.catalog, vault.identity.teamId, `removed ${event.channel}`, vault.now());
    const { teamId } = vault.identity;
    const now = vault.now();
    const joinedAt = Math.min(now, Math.floor(Number(event.event_ts) * 1_000) || now);
    await meetChannel(vault.catalog, { teamId, channelId: event.channel, joinedAt, now });
    await sayHello(vault.catalog, { teamId, channelId: event.channel, now });
    vault.poke();
  });
}
