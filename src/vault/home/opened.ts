import { openedHome } from '../../catalog/notices/homes.ts';
import type { Vault } from '../context.ts';

/** Somebody opened their App Home: it is drawn now, and at every change while they may be looking. */
export async function homeWasOpened(vault: Vault, { userId }: { userId: string }): Promise<void> {
  await openedHome(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}
