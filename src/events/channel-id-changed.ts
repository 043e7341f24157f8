import type { App } from '@slack/bolt';
import { idOf } from '../slack/shapes.ts';
import { channelGotNewId } from '../vault/channels/new-id.ts';
import type { Vault } from '../vault/context.ts';

/** A channel got a new id (it became shared with another organisation). */
export function channelIdChanged(app: App, vault: Vault): void {
  app.event('channel_id_changed', async ({ event }) => {
    const [from, to] = [event.old_channel_id, event.new_channel_id].map(idOf);
    if (from && to) await channelGotNewId(vault, { from, to });
  });
}
