import { deleteList } from '../edge/delete-list.ts';
import type { Command } from './command.ts';

/** `/vault delete`: a choice of files, each with a button; nothing is deleted before a yes in the dialog. */
export const deleteFiles: Command = {
  name: 'delete',
  aliases: ['rm', 'remove', 'del', 'erase'],
  usage: 'delete [name]',
  summary: 'Delete your files',
  examples: [
    { type: '/vault delete', means: 'choose from your files here' },
    { type: '/vault delete budget.xlsx', means: 'those with this name' },
  ],
  button: 'Delete files',
  async run(vault, { userId, channelId, text, reply }) {
    await reply(await deleteList(vault, { userId, channelId, text }));
  },
};
