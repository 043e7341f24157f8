import type { App } from '@slack/bolt';
import { renewHomes } from '../catalog/home.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/**
 * Something about a person changed: they may be a guest now, an admin no longer, or deactivated. What is kept of them is
 * old, and so is what their App Home shows. `user_profile_changed` and its like come beside this and say the same.
 * Source: docs.slack.dev/reference/events/user_change.
 */
export function userChange(app: App, vault: Vault): void {
  app.event('user_change', async ({ event }) => {
    const userId = idOf(event.user?.id);
    if (userId === null) return;
    vault.people.forgetPerson(userId);
    await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
    vault.wake();
  });
}
