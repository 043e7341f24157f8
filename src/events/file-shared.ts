import type { App } from '@slack/bolt';
import { idOf, momentOrNull } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { fileWasShared } from '../vault/files/shared.ts';

/** The safety net under `message`: it says only that a file was shared in a channel. */
export function fileShared(app: App, vault: Vault): void {
  app.event('file_shared', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    const [userId, channelId] = [idOf(event.user_id), idOf(event.channel_id)];
    if (fileId === null || channelId === null) return;
    await fileWasShared(vault, { fileId, userId, channelId, at: momentOrNull(event.event_ts) });
  });
}
