import { overridesOf } from '../catalog/governance/rules.ts';
import { forgetExplanation } from '../catalog/notices/explain.ts';
import type { Vault } from './context.ts';
import { changeRules } from './rules.ts';

/**
 * Confirms what is saved in this channel by an emoji on the message instead of a post in the thread. Only for those who
 * may change the channel's rules. The channel is told, once. Throws `UserError`.
 */
export async function reactInstead(
  vault: Vault,
  asked: { userId: string; channelId: string },
): Promise<{ sign: string }> {
  const { catalog, identity, policy, now } = vault;
  const where = { teamId: identity.teamId, channelId: asked.channelId };
  const { own } = await overridesOf(catalog, where.teamId, where.channelId);
  await changeRules(vault, { ...asked, own: { ...own, confirm: 'reaction' }, isSure: true });
  await forgetExplanation(catalog, where, now());
  vault.wake('confirm');
  return { sign: policy.reaction };
}
