import type { App } from '@slack/bolt';
import { idOf, momentOrNull } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { fileLeftChannel } from '../vault/files/unshared.ts';

/**
 * A file left a channel. Slack names no message here; if one was deleted or edited, `message` says which. It is not
 * sent when a retention policy removes files. Source: docs.slack.dev/reference/events/file_unshared.
 */
export function fileUnshared(app: App, vault: Vault): void {
  app.event('file_unshared', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    const channelId = idOf(event.channel_id);
    if (fileId === null || channelId === null) return;
    await fileLeftChannel(vault, { fileId, channelId, at: momentOrNull(event.event_ts) });
  });
}
