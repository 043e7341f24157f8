import { renewHomes } from '../../catalog/notices/homes.ts';
import type { Vault } from '../context.ts';

/**
 * Something about a person changed: they may be a guest now, an admin no longer, or deactivated. What is kept of them is
 * old, and so is what their App Home shows.
 */
export async function personChanged(vault: Vault, { userId }: { userId: string }): Promise<void> {
  vault.people.forgetPerson(userId);
  await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}
