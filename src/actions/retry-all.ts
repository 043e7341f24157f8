import { retryingScreen } from '../blocks/retrying.ts';
import { retryAll } from '../catalog/watch/failing.ts';
import { requireAdmin } from '../vault/access.ts';
import type { Action } from './click.ts';

/** Retry all, for admins: everything that failed is due at once. */
export const retryEverything: Action = {
  id: 'retry_all',
  async run(vault, click) {
    await requireAdmin(vault, click.userId);
    const files = await retryAll(vault.catalog, vault.identity.teamId, click.userId, vault.now());
    vault.wake();
    await click.show(retryingScreen({ files }));
  },
};
