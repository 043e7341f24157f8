import { retryingScreen } from '../blocks/retrying.ts';
import { retryAll } from '../catalog/watch/failing.ts';
import { UserError } from '../errors.ts';
import type { Action } from './click.ts';

/** Retry all, for admins: everything that failed is due at once. */
export const retryEverything: Action = {
  id: 'retry_all',
  async run(vault, click) {
    if (!(await vault.rights.isAdmin(click.userId)))
      throw new UserError('admins_only', 'Only workspace admins and the vault’s admins may do that.');
    const files = await retryAll(vault.catalog, vault.identity.teamId, click.userId, vault.now());
    vault.poke();
    await click.show(retryingScreen({ files }));
  },
};
