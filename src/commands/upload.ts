import { uploadOffer } from '../blocks/upload.ts';
import type { Command } from './command.ts';

export const upload: Command = {
  name: 'upload',
  usage: 'upload',
  summary: 'Puts files into the vault without posting them: for a channel, or for you alone.',
  examples: [],
  async run(_, { reply }) {
    await reply(uploadOffer());
  },
};
