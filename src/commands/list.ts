import { filesScreen } from '../edge/files-page.ts';
import type { Command } from './command.ts';

export const list: Command = {
  name: 'list',
  aliases: ['ls', 'dir'],
  alone: ['files', 'recent', 'here'],
  usage: 'list [words]',
  summary: 'Files in this channel',
  examples: [
    { type: '/vault list', means: 'the newest first' },
    { type: '/vault list @anna type:pdf', means: 'the same words as for find' },
    { type: '/vault list budget last month', means: 'in this channel only' },
  ],
  button: 'Files here',
  async run(vault, { userId, channelId, text, reply }) {
    await reply(await filesScreen(vault, { userId, channelId, query: text }));
  },
};
