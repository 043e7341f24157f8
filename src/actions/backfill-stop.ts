import { stopBackfill } from '../vault/backfill.ts';
import type { Action } from './click.ts';

/** Stop on a backfill's message; the message then says who stopped it. */
export const backfillStop: Action = {
  id: 'backfill_stop',
  run: (vault, { userId, channelId }) => stopBackfill(vault, { userId, channelId }),
};
