import { stopBackfillOfAll } from '../vault/backfill.ts';
import type { Action } from './click.ts';

/** Stop on the message of a backfill of all channels; the message then says who stopped it. */
export const backfillAllStop: Action = {
  id: 'backfill_all_stop',
  run: (vault, { userId }) => stopBackfillOfAll(vault, { userId }),
};
