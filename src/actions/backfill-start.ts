import { beginBackfill } from '../commands/backfill-start.ts';
import { UserError } from '../errors.ts';
import type { Action } from './click.ts';

/** The offer in a channel that the bot has joined. Its message is everybody's, so the answer comes beside it. */
export const backfillStart: Action = {
  id: 'backfill_start',
  async run(vault, { userId, channelId, show }) {
    if (channelId === null)
      throw new UserError('no_channel', 'Type `/vault backfill` in the channel itself.');
    await show(await beginBackfill(vault, { userId, channelId }));
  },
};
