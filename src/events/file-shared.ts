import type { App } from '@slack/bolt';
import { idOf, momentOrNull } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { fileWasShared } from '../vault/files/shared.ts';

/** The safety net under `message`: it says only that a file was shared in a channel. */
export function fileShared(app: App, vault: Vault): void {
  app.event('file_shared', async ({ event }) => {
    const [fileId, userId, channelId] = [event.file_id, event.user_id, event.channel_id].map(idOf);
    if (!fileId || !userId || !channelId) return;
    await fileWasShared(vault, { fileId, userId, channelId, at: momentOrNull(event.event_ts) });
  });
}
