import { filesScreen } from '../edge/files-page.ts';
import type { Command } from './command.ts';

export const list: Command = {
  name: 'list',
  usage: 'list [@person] [type:pdf] [after:7d] [before:2026-01-31] [size:>10mb] [words]',
  summary: 'Shows what was shared in this channel, newest first.',
  examples: ['/vault list', '/vault list @anna type:pdf', '/vault list after:7d budget'],
  async run(vault, { userId, channelId, text, reply }) {
    await reply(await filesScreen(vault, { userId, channelId, query: text }));
  },
};
