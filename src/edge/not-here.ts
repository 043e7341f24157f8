import type { Screen } from '../blocks/kit/elements.ts';
import { notSavedHere } from '../blocks/not-here.ts';
import type { Vault } from '../vault/context.ts';
import { isAwayFrom } from '../vault/home/channel-count.ts';

/** Puts a warning over an answer in a channel that the bot is not in: nothing that is shared there is saved. */
export async function warnedIfAway(vault: Vault, channelId: string, screen: Screen): Promise<Screen> {
  return (await isAwayFrom(vault, channelId)) ? notSavedHere(channelId, screen) : screen;
}
