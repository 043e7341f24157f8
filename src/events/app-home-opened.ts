import type { App } from '@slack/bolt';
import { idOf } from '../slack/shapes.ts';
import type { Vault } from '../vault/context.ts';
import { homeWasOpened } from '../vault/home/opened.ts';

/** Somebody opened the App Home. */
export function appHomeOpened(app: App, vault: Vault): void {
  app.event('app_home_opened', async ({ event }) => {
    const userId = idOf(event.user);
    if (event.tab === 'home' && userId !== null) await homeWasOpened(vault, { userId });
  });
}
