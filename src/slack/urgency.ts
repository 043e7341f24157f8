import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What a call to Slack is for, the most urgent first: a person who waits for an answer, a message to a channel, an
 * update of an App Home, and everything that nobody waits for (sweeps, backfills, care of the vault).
 */
export type Urgency = 'person' | 'confirmation' | 'home' | 'background';

/** The smaller number goes first. */
export const PRIORITY: Record<Urgency, number> = { person: 1, confirmation: 3, home: 5, background: 7 };

const current = new AsyncLocalStorage<Urgency>();

/**
 * Does work with an urgency: every call to Slack inside it, however deep, waits in line with this urgency. It is set at
 * the edge (commands, clicks, mentions, workers). So rights and screens need not know who asks.
 */
export function askingFor<T>(urgency: Urgency, work: () => T): T {
  return current.run(urgency, work);
}

/** The urgency of calls to Slack now. Without `askingFor` it is `background`. */
export function urgencyNow(): Urgency {
  return current.getStore() ?? 'background';
}
