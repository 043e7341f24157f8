import type { App } from '@slack/bolt';
import { publicChannelOf } from '../slack/coverage.ts';
import { idOf } from '../slack/shapes.ts';
import { channelMade } from '../vault/channels/join.ts';
import type { Vault } from '../vault/context.ts';

/** A public channel was made. Slack tells it to apps that are in no channel yet, too. */
export function channelCreated(app: App, vault: Vault): void {
  app.event('channel_created', async ({ event }) => {
    const { channel } = event;
    if (idOf(channel?.id) === null || channel.is_private === true) return;
    await channelMade(vault, publicChannelOf(channel));
  });
}
