import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Does work for one delivery of Slack: every line of the log that is written meanwhile carries its id. */
export function inDelivery<T>(id: string | undefined, work: () => T): T {
  return id === undefined ? work() : current.run(id, work);
}

/** The delivery that is worked on now; undefined outside of any. */
export function deliveryNow(): string | undefined {
  return current.getStore();
}
