import type { App } from '@slack/bolt';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { fileWasChanged } from '../vault/files/changed.ts';

/**
 * Some property of a file was changed: its content, its title, who may see it. Slack does not say which one or who did
 * it, and sends this often. Source: docs.slack.dev/reference/events/file_change.
 */
export function fileChange(app: App, vault: Vault): void {
  app.event('file_change', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    if (fileId !== null) await fileWasChanged(vault, { fileId });
  });
}
