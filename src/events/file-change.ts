import type { App } from '@slack/bolt';
import { noteChange } from '../catalog/changes.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/**
 * Some property of a file was changed: its content, its title, who may see it. Slack says neither what nor by whom, and
 * says so often; the file is looked at once it has been quiet for a while.
 * Source: docs.slack.dev/reference/events/file_change.
 */
export function fileChange(app: App, vault: Vault): void {
  app.event('file_change', async ({ event }) => {
    const fileId = idOf(event.file_id) ?? idOf(event.file?.id);
    if (fileId === null) return;
    const { catalog, identity, policy, now } = vault;
    const noted = await noteChange(
      catalog,
      { teamId: identity.teamId, fileId },
      now(),
      policy.versionQuietMs,
    );
    // So that it is looked at in time: whoever sleeps does not know of it yet.
    if (noted === 'first') vault.wake('change');
  });
}
