import { isMergeDue, mergeSegments } from '../catalog/postings/merge.ts';
import { errorCode } from '../errors.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { Job, JobContext } from './job.ts';

/** Searches look into a hundred small segments more in a few ms. */
const REST_MS = 5_000;
/** After it could not be done, as on a full disk. */
const AGAIN_MS = MINUTE_MS;
/** So often it is seen whether much is gone of a segment. */
const LOOK_MS = 10 * MINUTE_MS;
/** And so often one is made anew of which anything is gone: nobody finds that, but its numbers are to go, too. */
const ANEW_MS = HOUR_MS;

/** Merges segments of the index of what is in files (catalog/postings/merge.ts). */
export function mergeJob({ vault: { catalog, log, now } }: JobContext): Job<'next'> {
  let notBefore = 0;
  let lookAt = now() + LOOK_MS;
  let anewAt = now() + ANEW_MS;
  const isDue = async () => now() >= lookAt || isMergeDue(catalog, now());
  const merge = async (signal: AbortSignal) => {
    const isAnew = now() >= anewAt;
    const options = { now, onStep: async () => signal.throwIfAborted() };
    if (await mergeSegments(catalog, options)) return;
    // Nothing else is to be done, or another process does it.
    notBefore = now() + REST_MS;
    lookAt = now() + LOOK_MS;
    if (!isAnew) return;
    anewAt = now() + ANEW_MS;
    await mergeSegments(catalog, { ...options, all: Number.MAX_SAFE_INTEGER });
  };
  return {
    name: 'merge',
    rows: null,
    concurrency: 1,
    claim: async () => (now() >= notBefore && (await isDue()) ? ['next'] : []),
    nextDueAt: async () => ((await isDue()) ? Math.max(now(), notBefore) : Math.max(lookAt, notBefore)),
    restMs: REST_MS,
    async work(_, signal) {
      try {
        await merge(signal);
      } catch (error) {
        if (signal.aborted) return;
        notBefore = now() + AGAIN_MS;
        log.warn(
          { code: errorCode(error), err: error },
          'the index of texts could not be merged; trying again',
        );
      }
    },
  };
}
