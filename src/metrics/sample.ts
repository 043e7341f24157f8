import { setTimeout as sleep } from 'node:timers/promises';

/** Reads one value for the scrapes. Never rejects: undefined says that the value is not known now. */
export type Sample<T> = () => Promise<T | undefined>;

/** A scrape waits no longer for one value. Prometheus gives up after 10 s. */
const DEADLINE_MS = 2_000;
/** A reading without an answer is given up after this time, and begun anew. Until then no second one is begun. */
const GIVE_UP_MS = 30_000;

/**
 * A value that scrapes ask for. It is read at most once in `everyMs`, however many ask, and a scrape waits at most
 * `deadlineMs`. A reading that fails or is late gives undefined: an old value would look like a good one.
 */
export function createSample<T>(
  read: () => Promise<T>,
  { everyMs, deadlineMs = DEADLINE_MS }: { everyMs: number; deadlineMs?: number },
): Sample<T> {
  let known: { value: T; readAt: number } | undefined;
  let open: { answer: Promise<T | undefined>; since: number } | undefined;

  function begin(since: number): Promise<T | undefined> {
    const answer = (async () => read())().then(
      (value) => {
        known = { value, readAt: performance.now() };
        return value;
      },
      () => undefined,
    );
    const mine = { answer, since };
    open = mine;
    void answer.then(() => {
      if (open === mine) open = undefined;
    });
    return answer;
  }

  return async () => {
    const now = performance.now();
    if (known !== undefined && now - known.readAt < everyMs) return known.value;
    const asked = open !== undefined && now - open.since < GIVE_UP_MS ? open.answer : begin(now);
    return Promise.race([asked, sleep(deadlineMs, undefined, { ref: false })]);
  };
}
