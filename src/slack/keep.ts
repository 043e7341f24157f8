/** How many answers are kept at most; the oldest go first. */
const MOST = 10_000;

export interface Kept<T> {
  get(key: string): Promise<T>;
  forget(key: string): void;
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
  return {
    async get(key) {
      const known = kept.get(key);
      if (known !== undefined && clock() - known.at < ttlMs) return known.answer;
      const entry = { at: clock(), answer: ask(key) };
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > MOST) kept.delete(kept.keys().next().value as string);
      entry.answer.catch(() => {
        if (kept.get(key) === entry) kept.delete(key);
      });
      return entry.answer;
    },
    forget: (key) => {
      kept.delete(key);
    },
  };
}
