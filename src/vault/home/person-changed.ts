import { renewHomes } from '../../catalog/notices/homes.ts';
import type { Vault } from '../context.ts';

/**
 * Something about a person changed: they may now be a guest, no longer an admin, or deactivated. What we know about
 * them is old, and so is their App Home.
 */
export async function personChanged(vault: Vault, { userId }: { userId: string }): Promise<void> {
  vault.people.forgetPerson(userId);
  await renewHomes(vault.catalog, { teamId: vault.identity.teamId, userId, now: vault.now() });
  vault.wake();
}
