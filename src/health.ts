import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface Health {
  /**
   * What the process depends on; each is checked at most once every few seconds. `waitingFor`: what has not been there
   * yet since the start, in sentences.
   */
  ready(): Promise<{ ok: boolean; checks: Record<string, string>; waitingFor?: string[] }>;
  metrics(): Promise<string>;
  metricsType: string;
}

/** What the bot counts; the names follow Prometheus' rules. */
export interface Meters {
  captured: Counter<'outcome'>;
  capturedBytes: Counter;
  deliveries: Counter<'kind'>;
  answers: Counter<'what'>;
}

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
  /** How many rows wait for capture; read when metrics are scraped. */
  queueDepth(): Promise<number>;
}): Health & { meters: Meters; registry: Registry } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const meters: Meters = {
    captured: new Counter({
      name: 'vault_captures_total',
      help: 'Attempts to capture a file, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    capturedBytes: new Counter({
      name: 'vault_captured_bytes_total',
      help: 'Bytes stored in the bucket',
      registers,
    }),
    deliveries: new Counter({
      name: 'vault_deliveries_total',
      help: 'Deliveries from Slack, by kind',
      labelNames: ['kind'],
      registers,
    }),
    answers: new Counter({
      name: 'vault_answers_total',
      help: 'Commands and clicks answered',
      labelNames: ['what'],
      registers,
    }),
  };
  new Gauge({
    name: 'vault_capture_queue',
    help: 'Files that wait to be captured or to be tried again',
    registers,
    async collect() {
      // In Prometheus, NaN means unknown.
      this.set(await inTime('queue', options.queueDepth).catch(() => Number.NaN));
    },
  });

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
      (error: unknown) => `down: ${(error as { code?: string }).code ?? 'unreachable'}`,
    );
    kept.set(name, word);
    return word;
  }

  return {
    meters,
    registry,
    metricsType: registry.contentType,
    metrics: () => registry.metrics(),
    async ready() {
      const waiting = options.waiting?.() ?? {};
      const named = Object.entries(options.checks).map(
        async ([name, look]) => [name, name in waiting ? 'waiting' : await check(name, look)] as const,
      );
      const checks = Object.fromEntries(await Promise.all(named));
      const waitingFor = Object.values(waiting);
      const ok = waitingFor.length === 0 && Object.values(checks).every((word) => !word.startsWith('down'));
      return { ok, checks, ...(waitingFor.length > 0 && { waitingFor }) };
    },
  };
}

async function timeout(): Promise<never> {
  await sleep(CHECK_TIMEOUT_MS, undefined, { ref: false });
  throw Object.assign(new Error('no answer in time'), { code: 'timeout' });
}
