import { periodicJobSoon } from '../catalog/alerts/periodic-jobs.ts';
import { renewHomes } from '../catalog/notices/homes.ts';
import { wantRound } from '../catalog/sweep/sweeps.ts';
import type { Vault } from './context.ts';

/**
 * An organisation added the app to a workspace, or took it out of one. Rights follow at once: whoever is in no workspace with
 * the app sees only what they uploaded and what was opened to them. A round looks which channels there are now, and what was shared in them.
 */
export async function workspacesChanged(vault: Vault): Promise<void> {
  const { catalog, identity, people, slack, now } = vault;
  const { teamId } = identity;
  slack.workspaces?.changed();
  people.forgetMemberships();
  await wantRound(catalog, { teamId, now: now() });
  await periodicJobSoon(catalog, 'channels', now());
  await renewHomes(catalog, { teamId, now: now() });
  vault.wake();
}
