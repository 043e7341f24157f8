import { HOLDS, holdFilesView, holdsScreen } from '../blocks/holds.ts';
import { wordsNeedCommand } from '../refusals/holds.ts';
import { listHolds, planHoldOfFound } from '../vault/holds.ts';
import type { Command } from './command.ts';

export const hold: Command = {
  name: 'hold',
  aliases: ['holds'],
  usage: 'hold [words]',
  summary: 'Files that nobody can delete',
  examples: [
    { type: '/vault hold', means: 'see, set and lift holds' },
    { type: '/vault hold budget', means: 'hold what these words find' },
  ],
  button: 'Holds',
  only: 'auditors',
  async run(vault, { userId, text, reply, open }) {
    if (text !== '') {
      // A mention opens no window.
      if (open === undefined) throw wordsNeedCommand();
      return open(async () => holdFilesView(await planHoldOfFound(vault, { userId, query: text })));
    }
    await reply(holdsScreen(await listHolds(vault, { userId, limit: HOLDS })));
  },
};
