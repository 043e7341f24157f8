import { LRUCache } from 'lru-cache';
import { PRIORITY, type Urgency, urgencyNow } from './urgency.ts';

/** The most answers that are kept. The answer that has not been used for the longest time goes first. */
const MOST = 10_000;

export interface Cached<T> {
  /**
   * The answer. It is asked for again when it is older than `maxAgeMs` or `ttlMs`. For a failure that is kept, and for
   * a question that still waits in line, only `ttlMs` counts.
   */
  get(key: string, maxAgeMs?: number): Promise<T>;
  /** The answer if it is kept and young enough. Nothing is asked or waited for. */
  peek(key: string, maxAgeMs?: number): T | undefined;
  /** True when `get` would ask nothing: an answer is kept or on its way. */
  has(key: string): boolean;
  forget(key: string): void;
  forgetAll(): void;
  /** Forgets the answer unless `holds` accepts it. An answer on its way is checked when it comes. */
  forgetUnless(key: string, holds: (value: T) => boolean): void;
  /** Changes the kept answer after an event. An answer still on its way is dropped: it may be older than the event. */
  mend(key: string, change: (value: T) => void): void;
}

/** Options for the call to Slack that asks one question. */
export interface Asking {
  /** Aborted when a more urgent caller asks the same while the question still waits in line. */
  signal: AbortSignal;
  /** Must be called when the question is sent. */
  beforeSend(): Promise<void>;
}

interface Entry<T> {
  at: number;
  answer: Promise<T>;
  urgency: Urgency;
  isSent: boolean;
  hasFailed: boolean;
  value?: T;
  overtake(by: Entry<T>): void;
}

/**
 * Keeps the answers of `ask` for `ttlMs`. Callers that come at the same time share one question. Failures are kept only
 * if `keepsFailure` says so. The age counts from when the question is sent, so no answer is older than `ttlMs`. When a
 * more urgent caller comes while the question waits in line, it is asked again with more urgency, and all callers get
 * that answer. So a person does not wait behind the App Homes that asked the same.
 */
export function cached<T>(
  ttlMs: number,
  now: (() => number) | undefined,
  ask: (key: string, asking: Asking) => Promise<T>,
  keepsFailure: (error: unknown) => boolean = () => false,
): Cached<T> {
  // A steady clock: answers must not be kept longer when somebody sets the machine's clock.
  const clock = now ?? (() => performance.now());
  // The cache's own ages do not fit: callers may want a younger answer, and the age starts when the question is sent.
  const kept = new LRUCache<string, Entry<T>>({ max: MOST });

  function start(key: string): Entry<T> {
    const away = new AbortController();
    let follower: Entry<T> | undefined;
    const entry: Entry<T> = {
      at: clock(),
      urgency: urgencyNow(),
      isSent: false,
      hasFailed: false,
      overtake(by) {
        follower = by;
        away.abort(new Error('somebody more urgent asks the same'));
      },
      answer: Promise.resolve() as Promise<never>,
    };
    const asking: Asking = {
      signal: away.signal,
      async beforeSend() {
        if (!entry.isSent) entry.at = clock();
        entry.isSent = true;
      },
    };
    entry.answer = ask(key, asking).then(
      (value) => {
        entry.isSent = true;
        entry.value = value;
        return value;
      },
      (error: unknown) => {
        if (follower !== undefined) return follower.answer;
        if (!keepsFailure(error) && kept.peek(key) === entry) kept.delete(key);
        entry.isSent = true;
        entry.hasFailed = true;
        throw error;
      },
    );
    // Callers get the failure from their own promise. Nobody handles the kept one, so this does.
    entry.answer.catch(() => {});
    kept.set(key, entry);
    return entry;
  }

  function young(key: string, maxAgeMs = ttlMs): Entry<T> | undefined {
    const known = kept.get(key);
    if (known === undefined) return undefined;
    const mostMs = known.isSent && !known.hasFailed ? Math.min(maxAgeMs, ttlMs) : ttlMs;
    return clock() - known.at < mostMs ? known : undefined;
  }

  return {
    async get(key, maxAgeMs) {
      const known = young(key, maxAgeMs);
      if (known === undefined) return start(key).answer;
      if (!known.isSent && PRIORITY[urgencyNow()] < PRIORITY[known.urgency]) {
        const entry = start(key);
        known.overtake(entry);
        return entry.answer;
      }
      return known.answer;
    },
    peek: (key, maxAgeMs) => young(key, maxAgeMs)?.value,
    has: (key) => young(key) !== undefined,
    forget: (key) => void kept.delete(key),
    forgetAll: () => kept.clear(),
    forgetUnless(key, holds) {
      const known = kept.peek(key);
      const look = (value: T) => {
        if (kept.peek(key) === known && !holds(value)) kept.delete(key);
      };
      if (known?.value !== undefined) look(known.value);
      // The callers get the failure.
      else known?.answer.then(look, () => {});
    },
    mend(key, change) {
      const known = kept.peek(key);
      if (known === undefined || known.hasFailed) return;
      if (known.value === undefined) kept.delete(key);
      else change(known.value);
    },
  };
}
