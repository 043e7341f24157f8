import { trashPage } from '../actions/trash.ts';
import { requireChannel } from '../vault/access.ts';
import type { Command } from './command.ts';

export const trash: Command = {
  name: 'trash',
  usage: 'trash',
  summary: 'Shows what is in the trash of this channel, to restore it.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    await requireChannel(vault, userId, channelId);
    await reply(await trashPage(vault, { userId, channelId, after: null }));
  },
};
