import {
  claimAuditFeed,
  entriesTold,
  nextAuditFeedAt,
  releaseAuditFeed,
  untoldEntries,
} from '../catalog/governance/audit-feed.ts';
import { auditLine } from '../vault/audit-line.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';

/** Lines that are written before the catalog hears of it: after a kill, at most so many are written again. */
const LINES_AT_ONCE = 200;

/** A bot gives the others a turn after this time, well before its lease ends. */
const TURN_MS = LEASE_MS / 2;

/**
 * Writes each audit entry as one line to the bot's output, in the order of the commits. A line is written first and
 * forgotten afterwards, so a kill in between repeats lines and loses none.
 */
export function auditLogJob({ vault, config, owner, due }: JobContext): Job<{ id: number }> | null {
  const { catalog, log, now } = vault;
  if (config.auditLog === 'off') return null;
  return {
    name: 'audit log',
    rows: 'auditLog',
    concurrency: 1,
    claim: () => claimAuditFeed(catalog, due(1)),
    nextDueAt: async () => nextAuditFeedAt(now()),
    async work(_, signal) {
      // Whatever VAULT_LOG_LEVEL leaves out, these are written.
      const out = log.child({ audit: true }, { level: 'info' });
      const until = performance.now() + TURN_MS;
      try {
        for (let more = true; more && !signal.aborted && performance.now() < until; ) {
          const entries = await untoldEntries(catalog, LINES_AT_ONCE);
          for (const entry of entries) if (entry.id !== null) out.info(auditLine(entry), 'audit');
          const last = entries.at(-1);
          if (last !== undefined) await entriesTold(catalog, last.line);
          more = entries.length === LINES_AT_ONCE;
        }
      } finally {
        await releaseAuditFeed(catalog, owner);
      }
    },
  };
}
