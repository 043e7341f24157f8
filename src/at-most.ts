import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for some work, `ms` at most. Rejects when the work fails within that time. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(ms, undefined, { ref: false })]);
}
