import { LRUCache } from 'lru-cache';
import { PRIORITY, type Urgency, urgencyNow } from './urgency.ts';

/** How many answers are kept at most; those that nobody has asked for the longest go first. */
const MOST = 10_000;

export interface Cached<T> {
  /**
   * The answer; asked anew when it is older than `maxAgeMs`, which is never longer than what is kept. A failure that is
   * kept, and a question that still waits in line, are given however old they are.
   */
  get(key: string, maxAgeMs?: number): Promise<T>;
  /** The answer that is kept and young enough; nothing is asked, and nothing waited for. */
  peek(key: string, maxAgeMs?: number): T | undefined;
  /** Whether `get` would ask nothing: an answer is kept, or on its way. */
  has(key: string): boolean;
  forget(key: string): void;
  forgetAll(): void;
  /** Forgets the answer unless it holds; that of a question under way, when it comes. */
  forgetUnless(key: string, holds: (value: T) => boolean): void;
  /** Changes what is kept, as an event told; what is being asked right now is asked anew, as it may be from before. */
  mend(key: string, change: (value: T) => void): void;
}

/** How one question is under way. Options of a call to Slack. */
export interface Asking {
  /** Aborted when somebody more urgent asks the same and the question still waits in line. */
  signal: AbortSignal;
  /** To be called when the question is sent. */
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
 * Keeps the answers of `ask` for `ttlMs`, and asks once for callers that come at the same time. Failures are not
 * kept, but for those that `keepsFailure` names. The time runs from when the question is sent, not from the answer, so nothing is
 * ever older than `ttlMs`. A question that waits in line is asked again by whoever is more urgent, and all get that
 * answer: nobody waits behind the App Homes because one of these had the same question.
 */
export function cached<T>(
  ttlMs: number,
  now: (() => number) | undefined,
  ask: (key: string, asking: Asking) => Promise<T>,
  keepsFailure: (error: unknown) => boolean = () => false,
): Cached<T> {
  // A steady clock: what is kept must not live longer because somebody sets the machine's.
  const clock = now ?? (() => performance.now());
  // Its own ages would not do: a caller may want a younger answer, and the age begins when the question is sent.
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
    // Whoever asked hears of a failure; what is kept of it is nobody's to handle.
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
      // Whoever asked hears of a failure.
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
