import type { Screen } from '../blocks/kit/elements.ts';
import { statsScreen } from '../blocks/stats.ts';
import { errorCode } from '../errors.ts';
import { growthPicture, vaultStats } from '../vault/stats.ts';
import type { Command } from './command.ts';

const LARGEST = 5;

/** `/vault stats`: how much there is, by month, type, channel and person, and what it costs. */
export const stats: Command = {
  name: 'stats',
  aliases: ['statistics'],
  usage: 'stats',
  summary: 'How much is saved',
  examples: [{ type: '/vault stats', means: 'by month, type, channel and person' }],
  button: 'Numbers',
  wordless: true,
  async run(vault, { userId, reply }) {
    const numbers = await vaultStats(vault, { userId, limit: LARGEST });
    const draw = (picture: string | null): Screen => statsScreen({ ...numbers, picture });
    const picture = await growthPicture(vault, numbers);
    if (picture === null) return reply(draw(null));
    try {
      await reply(draw(picture));
    } catch (error) {
      // Slack refuses a message if it cannot fetch the picture, for example from a bucket on a private network.
      vault.log.info({ code: errorCode(error) }, 'Slack did not take a picture; it gets letters instead');
      await reply(draw(null));
    }
  },
};
