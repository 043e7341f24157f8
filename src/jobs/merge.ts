import { isMergeDue, mergeSegments } from '../catalog/postings/merge.ts';
import { errorCode } from '../errors.ts';
import type { Job, JobContext } from './job.ts';

/** Searches look into a hundred small segments more in a few ms. */
const REST_MS = 5_000;
/** After it could not be done, as on a full disk. */
const AGAIN_MS = 60_000;

/** Merges segments of the index of what is in files (catalog/postings/merge.ts). */
export function mergeJob({ vault: { catalog, log, now } }: JobContext): Job<'next'> {
  let notBefore = 0;
  return {
    name: 'merge',
    rows: null,
    concurrency: 1,
    claim: async () => (now() >= notBefore && (await isMergeDue(catalog, now())) ? ['next'] : []),
    nextDueAt: async () => ((await isMergeDue(catalog, now())) ? Math.max(now(), notBefore) : null),
    restMs: REST_MS,
    async work(_, signal) {
      try {
        const isDone = await mergeSegments(catalog, { now, onStep: async () => signal.throwIfAborted() });
        // Another process does it.
        if (!isDone) notBefore = now() + REST_MS;
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
