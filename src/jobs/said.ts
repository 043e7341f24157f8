import { indexDueSaid, isSaidDue } from '../catalog/files/said-due.ts';
import type { Job, JobContext } from './job.ts';

/** Nobody waits for it: a search puts in what waits, too. */
const REST_MS = 2_000;

/** Puts what was said with files into its index, many messages at once (files/said-due.ts). */
export function saidJob({ vault: { catalog, now } }: JobContext): Job<'next'> {
  return {
    name: 'said',
    rows: null,
    concurrency: 1,
    claim: async () => ((await isSaidDue(catalog)) ? ['next'] : []),
    nextDueAt: async () => ((await isSaidDue(catalog)) ? now() : null),
    restMs: REST_MS,
    async work() {
      await indexDueSaid(catalog);
    },
  };
}
