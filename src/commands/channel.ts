import { channelScreen } from '../blocks/channel.ts';
import { channelKept } from '../vault/rules.ts';
import type { Command } from './command.ts';

export const channelRules: Command = {
  name: 'channel',
  usage: 'channel',
  summary: 'Shows how this channel is kept, and for how long. Admins change it here.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    await reply(channelScreen(await channelKept(vault, { userId, channelId })));
  },
};
