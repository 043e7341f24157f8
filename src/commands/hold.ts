import { HOLDS, holdsScreen } from '../blocks/holds.ts';
import { listHolds } from '../vault/holds.ts';
import type { Command } from './command.ts';

export const hold: Command = {
  name: 'hold',
  usage: 'hold',
  summary: 'Keeps files from being deleted, whoever asks, until the hold is lifted. For admins and auditors.',
  examples: [],
  async run(vault, { userId, reply }) {
    await reply(holdsScreen(await listHolds(vault, { userId, limit: HOLDS })));
  },
};
