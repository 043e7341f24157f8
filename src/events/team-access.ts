import type { App } from '@slack/bolt';
import type { Vault } from '../vault/context.ts';
import { workspacesChanged } from '../vault/workspaces-changed.ts';

/**
 * The organisation added the app to workspaces, or took it out of them. Which ones is asked: events may come late, or twice.
 * Source: docs.slack.dev/reference/events/team_access_granted and team_access_revoked.
 */
export function teamAccess(app: App, vault: Vault): void {
  for (const type of ['team_access_granted', 'team_access_revoked'])
    app.event(type, async () => workspacesChanged(vault));
}
