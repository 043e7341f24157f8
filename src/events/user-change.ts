import type { App } from '@slack/bolt';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { personChanged } from '../vault/home/person-changed.ts';

/**
 * Something about a person changed. `user_profile_changed` and similar events come too and say the same.
 * Source: docs.slack.dev/reference/events/user_change.
 */
export function userChange(app: App, vault: Vault): void {
  app.event('user_change', async ({ event }) => {
    const userId = idOf(event.user?.id);
    if (userId !== null) await personChanged(vault, { userId });
  });
}
