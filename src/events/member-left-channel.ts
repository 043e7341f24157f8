import type { App } from '@slack/bolt';
import { idOf } from '../slack/shapes.ts';
import { botLeftChannel, leftChannel } from '../vault/channels/left.ts';
import type { Vault } from '../vault/context.ts';

/** Somebody left a channel, or the bot did. */
export function memberLeftChannel(app: App, vault: Vault): void {
  app.event('member_left_channel', async ({ event }) => {
    const userId = idOf(event.user);
    if (userId !== null) await leftChannel(vault, { userId, channelId: idOf(event.channel) });
  });
  // With these events Slack tells an app that it was removed: one for each kind of channel.
  app.event('channel_left', async ({ event }) => removed(vault, event.channel));
  app.event('group_left', async ({ event }) => removed(vault, event.channel));
}

async function removed(vault: Vault, channel: unknown): Promise<void> {
  const channelId = idOf(channel);
  if (channelId !== null) await botLeftChannel(vault, { channelId });
}
