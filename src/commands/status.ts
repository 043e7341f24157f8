import { statusScreen } from '../blocks/status.ts';
import { vaultStatus } from '../vault/status.ts';
import type { Command } from './command.ts';

/** `/vault status`: what waits, what failed and what is not kept, for everybody; the state of the vault, for admins. */
export const status: Command = {
  name: 'status',
  usage: 'status',
  summary: 'What is on its way or not saved',
  examples: [{ type: '/vault status', means: 'with the reasons' }],
  button: 'Status',
  wordless: true,
  async run(vault, { userId, reply }) {
    await reply(statusScreen(await vaultStatus(vault, { userId })));
  },
};
