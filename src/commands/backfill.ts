import { backfillBegun } from '../blocks/backfill-progress.ts';
import { beginBackfill } from '../vault/backfill.ts';
import type { Command } from './command.ts';

/** `/vault backfill`: keeps what was shared in the channel in the past, back to its beginning. */
export const backfill: Command = {
  name: 'backfill',
  usage: 'backfill',
  summary: 'Keeps everything shared in this channel before, back to its beginning. For admins.',
  examples: ['/vault backfill'],
  async run(vault, { userId, channelId, reply }) {
    await reply(backfillBegun(await beginBackfill(vault, { userId, channelId })));
  },
};
