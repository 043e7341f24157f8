import type { App } from '@slack/bolt';
import { openedHome } from '../catalog/home.ts';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';

/** Somebody looks at the App Home: it is due to be drawn now, and at every change while they may be looking. */
export function appHomeOpened(app: App, vault: Vault): void {
  app.event('app_home_opened', async ({ event }) => {
    const userId = idOf(event.user);
    if (event.tab !== 'home' || userId === null) return;
    await openedHome(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
    vault.wake();
  });
}
