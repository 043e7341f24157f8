/** Which public channels are not saved, and the ways to join them: for admins. */
import { type CoverageInput, coverageScreen, joinedNote, joiningNote } from '../blocks/coverage.ts';
import { screenModal } from '../blocks/screen-modal.ts';
import { coverageFor } from '../vault/channels/coverage.ts';
import { joinAllChannels, joinChannel } from '../vault/channels/join.ts';
import type { Vault } from '../vault/context.ts';
import type { Action, Click } from './click.ts';

/** Every public channel that is not saved. */
export const coverageOpen: Action = {
  id: 'coverage',
  run: (vault, { userId, open }) =>
    open(async () => screenModal(coverageScreen(await coverageFor(vault, { userId })))),
};

/** Join, beside one channel. */
export const joinOne: Action = {
  id: 'join_channel',
  async run(vault, click) {
    const { userId, value: channelId } = click;
    await answered(vault, click, async () => {
      await joinChannel(vault, { userId, channelId });
      return joinedNote(channelId);
    });
  },
};

/** Join all. */
export const joinAll: Action = {
  id: 'join_all',
  run: (vault, click) =>
    answered(vault, click, async () => joiningNote(await joinAllChannels(vault, { userId: click.userId }))),
};

/** Does it, and shows the list as it is now with what was done: in a window, or below a message. */
async function answered(vault: Vault, click: Click, act: () => Promise<string>): Promise<void> {
  const { userId, where, redraw, show } = click;
  const screen = async () => {
    const note = await act();
    const list: CoverageInput = await coverageFor(vault, { userId });
    return coverageScreen({ ...list, note });
  };
  if (where === 'message') return show(await screen());
  return redraw(async () => screenModal(await screen()));
}
