import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * For whom Slack is asked, the most urgent first: a person who waits for an answer, what a channel is told, an App Home
 * that follows what happens, and everything for which nobody waits (sweeps, backfills, looking after the vault).
 */
export type Urgency = 'person' | 'confirmation' | 'home' | 'background';

/** Smaller goes first. */
export const PRIORITY: Record<Urgency, number> = { person: 1, confirmation: 3, home: 5, background: 7 };

const current = new AsyncLocalStorage<Urgency>();

/**
 * Does some work for somebody: whatever Slack is asked meanwhile, however deep inside, waits in line as theirs. Set at
 * the edge (commands, clicks, mentions, workers), so that rights and screens need not know for whom they are asked.
 */
export function askingFor<T>(urgency: Urgency, work: () => T): T {
  return current.run(urgency, work);
}

/** For whom Slack is asked now. Nobody who has not said so is waited for. */
export function urgencyNow(): Urgency {
  return current.getStore() ?? 'background';
}
