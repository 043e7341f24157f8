import type { App } from '@slack/bolt';
import { idOf, momentOrNull } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { fileWasDeletedInSlack } from '../vault/files/deleted-in-slack.ts';

/** Slack deleted its copy. */
export function fileDeleted(app: App, vault: Vault): void {
  app.event('file_deleted', async ({ event }) => {
    const fileId = idOf(event.file_id);
    if (fileId !== null) await fileWasDeletedInSlack(vault, { fileId, at: momentOrNull(event.event_ts) });
  });
}
