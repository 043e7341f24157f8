import type { App } from '@slack/bolt';
import { idOf, momentOrNull } from '../slack/shapes.ts';
import { joinedChannel } from '../vault/channels/joined.ts';
import type { Vault } from '../vault/context.ts';

/** Somebody joined a channel, or the bot did. */
export function memberJoinedChannel(app: App, vault: Vault): void {
  app.event('member_joined_channel', async ({ event }) => {
    const [userId, channelId] = [event.user, event.channel].map(idOf);
    if (!userId || !channelId) return;
    // Here Slack calls every private channel `G`, even if its id begins with another letter.
    const kind = event.channel_type === 'G' ? 'private' : 'public';
    await joinedChannel(vault, { userId, channelId, kind, at: momentOrNull(event.event_ts) });
  });
}
