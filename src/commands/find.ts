import { filesScreen } from '../edge/files-page.ts';
import type { Command } from './command.ts';

export const find: Command = {
  name: 'find',
  usage: 'find [words] [@person] [#channel] [type:pdf] [after:30d] [size:>10mb] [sha256:…]',
  summary: 'Finds a file wherever you may see it, also when a word is mistyped.',
  examples: [
    '/vault find budget',
    '/vault find #design type:image after:30d',
    '/vault find @anna size:>10mb',
  ],
  async run(vault, { userId, text, reply }) {
    await reply(await filesScreen(vault, { userId, channelId: '', query: text }));
  },
};
