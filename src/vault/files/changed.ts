import { noteChange } from '../../catalog/files/changes.ts';
import type { Vault } from '../context.ts';

/** Something about a file was changed; it is looked at when it has been quiet for a while. */
export async function fileWasChanged(vault: Vault, { fileId }: { fileId: string }): Promise<void> {
  const { catalog, identity, policy, now } = vault;
  const ref = { teamId: identity.teamId, fileId };
  const noted = await noteChange(catalog, ref, now(), policy.versionQuietMs);
  // Wakes the worker, which may sleep and does not know of it yet.
  if (noted === 'first') vault.wake('change');
}
