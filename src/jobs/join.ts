import { backOff } from '../capture/back-off.ts';
import { keepLease } from '../capture/lease.ts';
import { claimDueJoins, type DueJoin, deferJoin, nextJoinDueAt, renewJoin } from '../catalog/sweep/joins.ts';
import { joinDue } from '../vault/channels/join.ts';
import type { Job, JobContext } from './job.ts';

/** Slack's limit sets the speed. */
const JOINS_AT_ONCE = 2;
/**
 * A join may wait minutes for its turn, so its lease is renewed meanwhile. A bot that was killed renews nothing: another one, or its
 * next start, goes on soon.
 */
const LEASE_MS = 15_000;

/** Joins public channels: by the rule of VAULT_JOIN, or because an admin asked for all. */
export function joinJob({ vault, owner, due }: JobContext): Job<DueJoin> {
  const { catalog, log, now } = vault;
  return {
    name: 'join',
    rows: 'channelJoin',
    concurrency: JOINS_AT_ONCE,
    claim: (limit) => claimDueJoins(catalog, due(limit, LEASE_MS)),
    nextDueAt: () => nextJoinDueAt(catalog),
    async work(row) {
      const lease = keepLease({ leaseMs: LEASE_MS, log, now }, { job: `join ${row.channelId}` }, (until) =>
        renewJoin(catalog, row, owner, until),
      );
      // If another bot has taken the row, both join: to be in already is success.
      await joinDue(vault, owner, row).finally(lease.end);
      vault.wake();
    },
    handBack: (row) => deferJoin(catalog, row, owner, now() + backOff(row.attempts)),
  };
}
