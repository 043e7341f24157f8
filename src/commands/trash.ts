import { filesScreen } from '../edge/files-page.ts';
import { trashPageScreen } from '../edge/trash-page.ts';
import type { Command } from './command.ts';

export const trash: Command = {
  name: 'trash',
  aliases: ['restore', 'undelete', 'recover'],
  alone: ['bin', 'deleted', 'undo'],
  usage: 'trash [name]',
  summary: 'Restore deleted files',
  examples: [
    { type: '/vault trash', means: 'what can still be restored here' },
    { type: '/vault restore budget', means: 'find a deleted file by its name' },
  ],
  button: 'Trash',
  async run(vault, { userId, channelId, text, reply }) {
    if (text !== '') {
      const found = { userId, channelId: '', query: text, trashFirst: true };
      return reply(await filesScreen(vault, found));
    }
    await reply(await trashPageScreen(vault, { userId, channelId: channelId || userId, after: null }));
  },
};
