import type { App } from '@slack/bolt';
import { unshareFile } from '../catalog/unshare.ts';
import { idOf, momentOr } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/**
 * A file left a channel. Slack names no message here; where one was deleted or edited, `message` tells which. It is not
 * sent for what a retention policy removes. Source: docs.slack.dev/reference/events/file_unshared.
 */
export function fileUnshared(app: App, vault: Vault): void {
  app.event('file_unshared', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    const channelId = idOf(event.channel_id);
    if (fileId === null || channelId === null) return;
    const { teamId } = vault.identity;
    const at = momentOr(event.event_ts, vault.now());
    await unshareFile(vault.catalog, { teamId, fileId, channelId }, vault.now(), at);
    vault.wake('home', 'journal');
  });
}
