import type { App } from '@slack/bolt';
import { moveChannel } from '../catalog/shares.ts';
import type { Vault } from '../vault.ts';

/** A channel got a new id (it became shared with another organisation): its files follow. */
export function channelIdChanged(app: App, vault: Vault): void {
  app.event('channel_id_changed', async ({ event }) => {
    vault.people.forget(event.old_channel_id);
    await moveChannel(vault.catalog, vault.identity.teamId, event.old_channel_id, event.new_channel_id);
  });
}
