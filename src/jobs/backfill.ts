import { backOff } from '../capture/back-off.ts';
import { backfill } from '../capture/backfill.ts';
import {
  claimDueBackfills,
  type DueBackfill,
  deferBackfill,
  nextBackfillDueAt,
} from '../catalog/sweep/backfills.ts';
import { SWEEP_LEASE_MS, walkOptions } from './history-walk.ts';
import type { Job, JobContext } from './job.ts';

const BACKFILLS_AT_ONCE = 2;

/** Walks through a channel's past when somebody asked for it. */
export function backfillJob({ vault, owner, due }: JobContext): Job<DueBackfill> {
  const { catalog, now } = vault;
  const walks = walkOptions(vault, owner);
  return {
    name: 'backfill',
    rows: 'backfill',
    concurrency: BACKFILLS_AT_ONCE,
    claim: (limit) => claimDueBackfills(catalog, due(limit, SWEEP_LEASE_MS)),
    nextDueAt: () => nextBackfillDueAt(catalog),
    async work(row) {
      await backfill(walks, row);
      vault.wake();
    },
    handBack: (row) =>
      deferBackfill(catalog, row, owner, {
        ...{ dueAt: now() + backOff(row.attempts), code: 'held_up', now: now() },
      }),
  };
}
