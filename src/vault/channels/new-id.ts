import { moveChannel } from '../../catalog/files/move-channel.ts';
import type { Vault } from '../context.ts';

/** A channel got a new id (it became shared with another organisation): its files move to it. */
export async function channelGotNewId(
  vault: Vault,
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (const channelId of [from, to]) vault.people.forgetChannel(channelId);
  vault.people.forgetMemberships();
  await moveChannel(vault.catalog, vault.identity.teamId, from, to);
}
