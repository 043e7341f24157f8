import type { App } from '@slack/bolt';
import { upsertChannel } from '../catalog/channels.ts';
import { renewHomes, touchHomes } from '../catalog/home.ts';
import { sayHello } from '../catalog/sweep/hello.ts';
import { meetChannel } from '../catalog/sweep/sweeps.ts';
import { clearAlert } from '../catalog/watch/alerts.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/** What Slack could not deliver comes again a minute and five minutes later. Source: docs.slack.dev/apis/events-api. */
const NEWS_MS = 10_000;

/** Somebody joined a channel: what was kept about them is old. When it is the bot, the channel is now kept, and told so. */
export function memberJoinedChannel(app: App, vault: Vault): void {
  app.event('member_joined_channel', async ({ event }) => {
    const [userId, channelId] = [event.user, event.channel].map(idOf);
    if (!userId || !channelId) return;
    vault.people.forgetPerson(userId);
    // Told late, they may be gone again: then Slack is asked.
    const isNews = vault.now() - Number(event.event_ts) * 1_000 < NEWS_MS;
    if (isNews) vault.people.joined(userId, channelId);
    else vault.people.sawIn(userId, channelId);
    if (userId !== vault.identity.botUserId) {
      await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
      vault.wake();
      return;
    }
    vault.people.forgetChannel(channelId);
    vault.people.forgetMemberships();
    await upsertChannel(vault.catalog, {
      teamId: vault.identity.teamId,
      channelId,
      // Slack calls every private channel `G` here, whatever its id begins with.
      kind: event.channel_type === 'G' ? 'private' : 'public',
      isMember: true,
      checkedAt: vault.now(),
    });
    await clearAlert(vault.catalog, vault.identity.teamId, `removed ${channelId}`, vault.now());
    const { teamId } = vault.identity;
    const now = vault.now();
    await touchHomes(vault.catalog, teamId, now);
    const joinedAt = Math.min(now, Math.floor(Number(event.event_ts) * 1_000) || now);
    // The sweep that follows asks again for what Slack did not give while the bot was out.
    await meetChannel(vault.catalog, { teamId, channelId, joinedAt, now });
    await sayHello(vault.catalog, { teamId, channelId, now });
    vault.wake();
  });
}
