import { backOff } from '../capture/back-off.ts';
import { startRound, sweep } from '../capture/sweep.ts';
import { claimDueSweeps, type DueSweep, deferSweep, nextSweepDueAt } from '../catalog/sweep/sweeps.ts';
import { ownConversations } from '../slack/conversations.ts';
import { filesSince } from '../slack/files-since.ts';
import { SWEEP_LEASE_MS, walkOptions } from './history-walk.ts';
import type { Job, JobContext } from './job.ts';

/** Slack's limits set the speed; more at once would only wait longer. */
const SWEEPS_AT_ONCE = 4;

/** Begins rounds that ask Slack for what events did not tell, and walks through each channel. */
export function sweepJob({ vault, config, owner, due }: JobContext): Job<DueSweep> {
  const { catalog, slack, log, now } = vault;
  const sweeps = walkOptions(vault, owner);
  const everyMs = config.sweepMinutes === 0 ? null : config.sweepMinutes * 60_000;
  const rounds = {
    ...{ catalog, owner, log, now, everyMs, conversations: () => ownConversations(slack) },
    filesSince: (since: number) => filesSince(slack, since),
    workspaces: async () => (await slack.workspaces?.ids()) ?? null,
  };
  return {
    name: 'sweep',
    rows: 'sweep',
    concurrency: SWEEPS_AT_ONCE,
    claim: (limit) => claimDueSweeps(catalog, due(limit, SWEEP_LEASE_MS)),
    nextDueAt: () => nextSweepDueAt(catalog),
    async work(row) {
      if (row.isRound) await startRound(rounds, row);
      else await sweep(sweeps, row);
      vault.wake();
    },
    handBack: (row) => deferSweep(catalog, row, owner, { dueAt: now() + backOff(row.attempts), code: null }),
  };
}
