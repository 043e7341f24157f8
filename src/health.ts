import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

export interface Health {
  /**
   * What the process depends on; each is checked at most once every few seconds. `why`: what is down, in sentences.
   * `waitingFor`: what has not been there yet since the start, in sentences.
   */
  ready(): Promise<{ ok: boolean; checks: Record<string, string>; why?: string[]; waitingFor?: string[] }>;
}

/** How a word begins about a part that is down. */
const DOWN = 'down: ';
const CHECK_TTL_MS = 3_000;
/** Nobody who asks waits longer, even if something hangs. */
const CHECK_TIMEOUT_MS = 3_000;
/** A question without an answer is asked again only after this time, so that few are open at once. */
const ASK_AGAIN_MS = 30_000;
/** More than there are checks. */
const MOST_NAMES = 100;

/**
 * Health of the process. A check throws when its part is not reachable; otherwise it returns a word about it (for the
 * bucket: the proof in force). Answers are kept for 3 s, so that probing is cheap.
 */
export function createHealth(options: {
  checks: Record<string, () => Promise<string>>;
  /** A sentence for each part that has not been there yet since the start, by its check's name. */
  waiting?(): Record<string, string>;
  /** Why a part is down, in a sentence, by its check's name and the word after `down: `. */
  say?(name: string, code: string): string;
}): Health {
  const asked = new LRUCache<string, Promise<unknown>>({ max: MOST_NAMES, ttl: ASK_AGAIN_MS });
  /** The answer of `ask`, if it comes in time. While one is still open, `ask` is not called again for a while. */
  function inTime<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const open = asked.get(name) as Promise<T> | undefined;
    if (open !== undefined) return Promise.race([open, timeout()]);
    const answer = ask();
    asked.set(name, answer);
    const done = () => {
      if (asked.peek(name) === answer) asked.delete(name);
    };
    answer.then(done, done);
    return Promise.race([answer, timeout()]);
  }

  const kept = new LRUCache<string, Promise<string>>({ max: MOST_NAMES, ttl: CHECK_TTL_MS });
  async function check(name: string, look: () => Promise<string>): Promise<string> {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const word = inTime(name, look).catch(
      (error: unknown) => `${DOWN}${(error as { code?: string }).code ?? 'unreachable'}`,
    );
    kept.set(name, word);
    return word;
  }

  return {
    async ready() {
      const waiting = options.waiting?.() ?? {};
      const named = Object.entries(options.checks).map(
        async ([name, look]) => [name, name in waiting ? 'waiting' : await check(name, look)] as const,
      );
      const checks = Object.fromEntries(await Promise.all(named));
      const waitingFor = Object.values(waiting);
      const down = Object.entries(checks).filter(([, word]) => word.startsWith(DOWN));
      const { say } = options;
      const why = say === undefined ? [] : down.map(([name, word]) => say(name, word.slice(DOWN.length)));
      const ok = waitingFor.length === 0 && down.length === 0;
      return { ok, checks, ...(why.length > 0 && { why }), ...(waitingFor.length > 0 && { waitingFor }) };
    },
  };
}

async function timeout(): Promise<never> {
  await sleep(CHECK_TIMEOUT_MS, undefined, { ref: false });
  throw Object.assign(new Error('no answer in time'), { code: 'timeout' });
}
