import { channelById } from '../../catalog/files/channels.ts';
import { isInNone } from '../../catalog/sweep/refresh.ts';
import type { Vault } from '../context.ts';

/**
 * Whether the app was taken out of all workspaces of the organisation that this channel is in, as far as they are known: then
 * nobody removed the bot from the channel. The list of workspaces may be a minute old, so before it says no, it is asked for
 * anew. Throws `SlackApiError`.
 */
export async function isTakenOut(
  { catalog, identity, slack }: Pick<Vault, 'catalog' | 'identity' | 'slack'>,
  channelId: string,
): Promise<boolean> {
  const { workspaces } = slack;
  if (!workspaces?.isOrganisation) return false;
  const known = await channelById(catalog, identity.teamId, channelId);
  if (!known?.workspaces) return false;
  if (isInNone(known, await workspaces.ids())) return true;
  workspaces.changed();
  return isInNone(known, await workspaces.ids());
}
