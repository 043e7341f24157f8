import { channelPage } from '../edge/channel-page.ts';
import type { Command } from './command.ts';

export const channelRules: Command = {
  name: 'channel',
  aliases: ['settings'],
  alone: ['rules', 'config', 'preferences'],
  usage: 'channel',
  summary: 'How this channel’s files are saved',
  examples: [{ type: '/vault channel', means: 'admins change it here' }],
  button: 'Channel settings',
  wordless: true,
  async run(vault, { userId, channelId, reply }) {
    await reply(await channelPage(vault, { userId, channelId }));
  },
};
