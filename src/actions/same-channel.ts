import { sameChannelScreen } from '../blocks/same-channel.ts';
import { idOf } from '../slack/shapes.ts';
import { followChannel } from '../vault/channels/same.ts';
import type { Action } from './click.ts';

/** An admin's yes to the question: is the channel with the new id the lost one? */
export const sameChannel: Action = {
  id: 'same_channel',
  async run(vault, { userId, value, show }) {
    const [from = null, to = null] = value.split(' ').map(idOf);
    await show(sameChannelScreen(await followChannel(vault, { userId, from, to })));
  },
};
