import { filesScreen } from '../edge/files-page.ts';
import type { Command } from './command.ts';

/** `/vault mine`: the same as `/vault find from:me`, which its pages and filters then say. */
export const mine: Command = {
  name: 'mine',
  aliases: ['my'],
  alone: ['me'],
  usage: 'mine [words]',
  summary: 'Your own files',
  examples: [
    { type: '/vault mine', means: 'everywhere, the newest first' },
    { type: '/vault mine type:pdf', means: 'the same words as for find' },
  ],
  button: 'My files',
  async run(vault, { userId, text, reply }) {
    const words = text.replace(/^(?:own )?(?:files|uploads)\b/i, '');
    await reply(await filesScreen(vault, { userId, channelId: '', query: `from:me ${words}`.trim() }));
  },
};
