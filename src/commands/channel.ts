import { channelPage } from '../actions/channel-rules.ts';
import { requireChannel } from '../vault/access.ts';
import type { Command } from './command.ts';

export const channelRules: Command = {
  name: 'channel',
  usage: 'channel',
  summary: 'Shows how this channel is kept, and for how long. Admins change it here.',
  examples: [],
  async run(vault, { userId, channelId, reply }) {
    await requireChannel(vault, userId, channelId);
    await reply(await channelPage(vault, { userId, channelId }));
  },
};
