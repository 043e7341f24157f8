import { CHOICES, deleteChooser } from '../blocks/delete-chooser.ts';
import { deletableFiles } from '../vault/delete.ts';
import { unquoted } from '../vault/query/filter.ts';
import { soughtWords } from '../vault/query/most-words.ts';
import type { Command } from './command.ts';

/** `/vault delete`: a choice of files, each with a button; nothing is deleted before a yes in the dialog. */
export const deleteFiles: Command = {
  name: 'delete',
  usage: 'delete [name or id]',
  summary: 'Moves a file of this channel to the trash, from where it can be restored.',
  examples: ['/vault delete', '/vault delete budget.xlsx'],
  async run(vault, { userId, channelId, text, reply }) {
    const typed = soughtWords(text.trim());
    const query = unquoted(text).trim();
    const deletable = await deletableFiles(vault, { userId, channelId, query, typed, limit: CHOICES });
    await reply(deleteChooser({ channelId, query, ...deletable, trashDays: vault.policy.trashDays }));
  },
};
