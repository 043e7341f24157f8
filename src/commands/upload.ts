import { uploadOffer, uploadView } from '../blocks/upload.ts';
import { uploadPlace } from '../vault/files/upload.ts';
import type { Command } from './command.ts';

export const upload: Command = {
  name: 'upload',
  aliases: ['put'],
  alone: ['add'],
  usage: 'upload',
  summary: 'Save files without posting them',
  examples: [{ type: '/vault upload', means: 'for this channel, or only for you' }],
  button: 'Upload',
  wordless: true,
  async run(vault, { userId, channelId, reply, open }) {
    // Only a window has room for files; without one, a button opens it.
    if (open === undefined) return reply(uploadOffer());
    await open(async () => uploadView({ channelId: await uploadPlace(vault, { userId, channelId }) }));
  },
};
