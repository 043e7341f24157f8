import type { App } from '@slack/bolt';
import { moveChannel } from '../catalog/move-channel.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/** A channel got a new id (it became shared with another organisation): its files follow. */
export function channelIdChanged(app: App, vault: Vault): void {
  app.event('channel_id_changed', async ({ event }) => {
    const [from, to] = [event.old_channel_id, event.new_channel_id].map(idOf);
    if (!from || !to) return;
    for (const channelId of [from, to]) vault.people.forgetChannel(channelId);
    vault.people.forgetMemberships();
    await moveChannel(vault.catalog, vault.identity.teamId, from, to);
  });
}
