import { holdsPage } from '../actions/holds.ts';
import { requireAuditor } from '../vault/access.ts';
import type { Command } from './command.ts';

export const hold: Command = {
  name: 'hold',
  usage: 'hold',
  summary: 'Keeps files from being deleted, whoever asks, until the hold is lifted. For admins and auditors.',
  examples: [],
  async run(vault, { userId, reply }) {
    await requireAuditor(vault, userId);
    await reply(await holdsPage(vault));
  },
};
