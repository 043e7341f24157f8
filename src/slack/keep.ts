/** How many answers are kept at most; the oldest go first. */
const MOST = 10_000;

export interface Kept<T> {
  /** The answer; asked anew when it is older than `maxAgeMs`, which is never longer than what is kept. */
  get(key: string, maxAgeMs?: number): Promise<T>;
  /** What is kept now; undefined when it would have to be asked for. */
  peek(key: string): Promise<T> | undefined;
  forget(key: string): void;
  forgetAll(): void;
}

/**
 * Keeps the answers of `ask` for `ttlMs`, and asks once for callers that come at the same time. Failures are not
 * kept. The time runs from the question, not from the answer, so nothing is ever older than `ttlMs`.
 */
export function keepFor<T>(
  ttlMs: number,
  now: (() => number) | undefined,
  ask: (key: string) => Promise<T>,
): Kept<T> {
  // A steady clock: what is kept must not live longer because somebody sets the machine's.
  const clock = now ?? (() => performance.now());
  const kept = new Map<string, { at: number; answer: Promise<T> }>();
  const younger = (key: string, ageMs: number) => {
    const known = kept.get(key);
    return known !== undefined && clock() - known.at < ageMs ? known.answer : undefined;
  };
  return {
    async get(key, maxAgeMs = ttlMs) {
      const known = younger(key, Math.min(maxAgeMs, ttlMs));
      if (known !== undefined) return known;
      const entry = { at: clock(), answer: ask(key) };
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
      entry.answer.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return entry.answer;
    },
    peek: (key) => younger(key, ttlMs),
    forget: (key) => {
      kept.delete(key);
    },
    forgetAll: () => kept.clear(),
  };
}
