import { channelScreen } from '../blocks/channel.ts';
import type { Screen } from '../blocks/kit/elements.ts';
import type { Vault } from '../vault/context.ts';
import { channelKept } from '../vault/rules.ts';

/** How a channel is saved, for this person. Throws `UserError`. */
export async function channelPage(
  vault: Vault,
  asked: { userId: string; channelId: string },
): Promise<Screen> {
  return channelScreen({ ...(await channelKept(vault, asked)), sign: vault.policy.reaction });
}
