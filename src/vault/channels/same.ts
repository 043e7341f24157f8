import { confirmSame } from '../../catalog/sweep/follow.ts';
import { notAsked } from '../../refusals/channels.ts';
import { requireAdmin } from '../access.ts';
import type { Vault } from '../context.ts';

/**
 * An admin says that a channel with a new id is the lost one: its files move, and its members see them again. Only for
 * two channels that the vault asked about. Throws `UserError`.
 */
export async function followChannel(
  vault: Vault,
  asked: { userId: string; from: string | null; to: string | null },
): Promise<{ channelId: string }> {
  const { userId, from, to } = asked;
  await requireAdmin(vault, userId);
  const { teamId } = vault.identity;
  const isMoved = from && to && (await confirmSame(vault.catalog, { teamId, from, to, now: vault.now() }));
  if (!isMoved) throw notAsked();
  for (const channelId of [from, to]) vault.people.forgetChannel(channelId);
  vault.log.info({ from, to, user: userId }, 'an admin moved a channel to its new id');
  vault.wake();
  return { channelId: to };
}
