import { backfillBegun } from '../blocks/backfill-progress.ts';
import { noChannel } from '../refusals/backfill.ts';
import { beginBackfill } from '../vault/backfill.ts';
import type { Action } from './click.ts';

/** The offer in a channel that the bot has joined. Everybody sees that message, so the answer comes beside it. */
export const backfillStart: Action = {
  id: 'backfill_start',
  async run(vault, { userId, channelId, show }) {
    if (channelId === null) throw noChannel('backfill');
    await show(backfillBegun(await beginBackfill(vault, { userId, channelId })));
  },
};
