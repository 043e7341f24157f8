import { atMost } from '../at-most.ts';
import {
  claimJournal,
  hurryJournal,
  type JournalLease,
  nextJournalDueAt,
} from '../catalog/journal/journal.ts';
import { BATCH, COMPACT_AFTER, type FlushOptions, flush } from '../journal/flush.ts';
import { segmentStore } from '../journal/store.ts';
import { type Job, type JobContext, LEASE_MS } from './job.ts';

/** Changes are collected for seconds before they are written, so not every change needs a look. */
const LONGEST_REST_MS = 1_000;

/** Writes the catalog's changes to the bucket. */
export function journalJob({ vault, config, owner }: JobContext): Job<JournalLease> {
  const { catalog, bucket, identity, log, now } = vault;
  const store = segmentStore(bucket, identity.teamId);
  return tellJournal({ catalog, store, owner, everyMs: config.journalSeconds * 1000, log, now });
}

/**
 * Writes the catalog's changes: one request per `everyMs` while there are any, none while there are none. Any number of
 * processes may run it; one at a time writes. At the end, the rest is written.
 */
export function tellJournal(
  options: Omit<FlushOptions, 'batch' | 'compactAfter' | 'trusted'> & { everyMs: number },
): Job<JournalLease> & { finish(ms: number): Promise<void> } {
  const { catalog, owner, now, everyMs } = options;
  const pace = { everyMs, batch: BATCH };
  const claim = () => claimJournal(catalog, pace, { owner, limit: 1, leaseMs: LEASE_MS, now: now() });
  const flushing = { ...options, batch: BATCH, compactAfter: COMPACT_AFTER, trusted: { history: null } };
  const work = (lease: JournalLease, signal: AbortSignal) => flush(flushing, lease, signal);
  return {
    name: 'journal',
    rows: 'journal',
    concurrency: 1,
    claim,
    nextDueAt: () => nextJournalDueAt(catalog, pace, now()),
    work,
    restMs: Math.min(everyMs, LONGEST_REST_MS),
    async finish(ms) {
      const signal = AbortSignal.timeout(ms);
      const writing = (async () => {
        await hurryJournal(catalog, now());
        for (let [lease] = await claim(); lease !== undefined; [lease] = await claim()) {
          await work(lease, signal);
          if (signal.aborted) return;
        }
      })();
      // The database may hang, and the signal does not reach it.
      await atMost(ms, writing);
    },
  };
}
