import { TRASH_PAGE, trashScreen } from '../blocks/trash.ts';
import { trashPage } from '../vault/trash.ts';
import type { Command } from './command.ts';

export const trash: Command = {
  name: 'trash',
  usage: 'trash',
  summary: 'Shows what is in the trash of this channel, to restore it.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    const page = await trashPage(vault, { userId, channelId, after: null, limit: TRASH_PAGE });
    await reply(trashScreen({ ...page, paged: false }));
  },
};
