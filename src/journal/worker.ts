import { atMost } from '../at-most.ts';
import {
  claimJournal,
  hurryJournal,
  type JournalLease,
  nextJournalDueAt,
} from '../catalog/journal/journal.ts';
import { startWorker, type Worker } from '../work/worker.ts';
import { BATCH, COMPACT_AFTER, type FlushOptions, flush } from './flush.ts';

const LEASE_MS = 60_000;
/** Changes gather for seconds before they are told, so every change need not be looked at. */
const LONGEST_REST_MS = 1_000;

export interface JournalWorker extends Worker {
  /** Writes what is still untold, for at most `ms`; to be called when everything else has stopped. */
  finish(ms: number): Promise<void>;
}

/**
 * Writes the catalog's changes to the bucket: one request per `everyMs` while there are any, none while there are
 * none. Any number of processes may run it; one at a time writes.
 */
export function startJournal(
  options: Omit<FlushOptions, 'batch' | 'compactAfter' | 'trusted'> & {
    everyMs: number;
    longestSleepMs: number;
  },
): JournalWorker {
  const { catalog, owner, now, everyMs, longestSleepMs, log } = options;
  const pace = { everyMs, batch: BATCH };
  const claim = () => claimJournal(catalog, pace, { owner, limit: 1, leaseMs: LEASE_MS, now: now() });
  const flushing = { ...options, batch: BATCH, compactAfter: COMPACT_AFTER, trusted: { history: null } };
  const work = (lease: JournalLease, signal: AbortSignal) => flush(flushing, lease, signal);
  const worker = startWorker<JournalLease>({
    name: 'journal',
    concurrency: 1,
    claim,
    nextDueAt: () => nextJournalDueAt(catalog, pace, now()),
    work,
    restMs: Math.min(everyMs, LONGEST_REST_MS),
    longestSleepMs,
    log,
  });
  return {
    ...worker,
    async finish(ms) {
      const signal = AbortSignal.timeout(ms);
      const writing = (async () => {
        await hurryJournal(catalog, now());
        for (let [lease] = await claim(); lease !== undefined; [lease] = await claim()) {
          await work(lease, signal);
          if (signal.aborted) return;
        }
      })();
      // The database may hang, and knows nothing of the signal.
      await atMost(ms, writing);
    },
  };
}
