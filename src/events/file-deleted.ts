import type { App } from '@slack/bolt';
import { idOf, momentOr } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { deletedInSlack } from '../vault/slack-deletion.ts';

/** Slack deleted its copy. */
export function fileDeleted(app: App, vault: Vault): void {
  app.event('file_deleted', async ({ event }) => {
    const fileId = idOf(event.file_id);
    if (fileId === null) return;
    await deletedInSlack(vault, { fileId, at: momentOr(event.event_ts, vault.now()) });
  });
}
