import { AwayError, errorCode, waitAskedFor } from '../errors.ts';
import type { Log } from '../log.ts';
import { isOutage } from './outage.ts';

/** What the bot needs, and what may be away when it starts. */
export type Part = 'database' | 'bucket' | 'slack';

export interface Waits {
  /**
   * Calls `open` until it succeeds, with longer and longer pauses, 30 s at most. While it fails or hangs, the log says
   * so: one line when the waiting begins, then one a minute. `open` may tell of what blocks it before it has failed, and
   * of what takes long, in a sentence. Throws what is no outage, and the signal's reason when the process stops.
   */
  until<T>(part: Part, open: Attempt<T>): Promise<T>;
  /** Resolves when `part` has failed once, or has not answered for two seconds: others need not wait for it. */
  begun(part: Part): Promise<void>;
  /** What is waited for now, in one sentence each. They name no host, because strangers may read them. */
  sentences(): Partial<Record<Part, string>>;
}

export type Attempt<T> = (
  blocked: (error: Error) => void,
  busyWith: (sentence: string) => void,
) => Promise<T>;

interface Waiting {
  part: Part;
  /** By the steady clock. */
  since: number;
  /** Why the last try failed; null before the first failure. */
  error: Error | null;
  /** What the present try does, if that takes long. */
  doing: string | null;
  isTold: boolean;
}

const FIRST_MS = 500;
const CEILING_MS = 30_000;
/** The longest pause that somebody else may ask for. */
const LONGEST_MS = 60_000;
/** After this time without an answer, others do not wait for it. */
const LATE_MS = 2_000;
/** After this time without an answer, the log tells of it. */
const TELL_MS = 10_000;
const TELL_AGAIN_MS = 60_000;

const NAMES: Record<Part, string> = { database: 'the database', bucket: 'the bucket', slack: 'Slack' };
const MEANWHILE: Record<Part, string> = {
  database: 'Until it is there, what Slack delivers is refused, and Slack sends it again.',
  bucket: 'What is shared is written down, and is saved when it is there.',
  slack: 'What was shared meanwhile is found and saved when it answers.',
};

/** Keeps waiting for what the bot needs, tells of it, and stops when `signal` does. */
export function createWaits({ log, signal }: { log: Log; signal: AbortSignal }): Waits {
  const open = new Set<Waiting>();
  const begun: Record<Part, PromiseWithResolvers<void>> = {
    database: Promise.withResolvers(),
    bucket: Promise.withResolvers(),
    slack: Promise.withResolvers(),
  };

  /** When the log was last told of a part. Two things may be waited for from the same one. */
  const toldAt = new Map<Part, number>();

  function tell(wait: Waiting): void {
    const { part, error, doing, since, isTold } = wait;
    wait.isTold = true;
    begun[part].resolve();
    const last = toldAt.get(part);
    if (last !== undefined && performance.now() - last < TELL_AGAIN_MS / 2) return;
    toldAt.set(part, performance.now());
    const seconds = Math.round((performance.now() - since) / 1_000);
    const why = error?.message ?? doing ?? 'it has not answered yet.';
    log.warn(
      { part, code: codeOf(wait), seconds },
      `${isTold ? 'still waiting' : 'waiting'} for ${NAMES[part]}: ${why}`,
    );
  }

  async function until<T>(part: Part, attempt: Attempt<T>): Promise<T> {
    const wait: Waiting = { part, since: performance.now(), error: null, doing: null, isTold: false };
    const failed = (error: Error) => {
      wait.error = error;
      if (!wait.isTold) tell(wait);
    };
    const busyWith = (sentence: string) => {
      wait.error = null;
      wait.doing = sentence;
    };
    open.add(wait);
    const late = setTimeout(() => begun[part].resolve(), LATE_MS);
    const silent = setTimeout(() => wait.isTold || tell(wait), TELL_MS);
    const again = setInterval(() => tell(wait), TELL_AGAIN_MS);
    try {
      for (let tries = 0; ; tries += 1) {
        try {
          const found = await unlessStopped(attempt(failed, busyWith), signal);
          if (wait.isTold) log.info({ part }, `${NAMES[part]} is there`);
          return found;
        } catch (error) {
          if (signal.aborted || !isOutage(error)) throw error;
          failed(error as Error);
          await unlessStopped(after(pause(error, tries)), signal);
        }
      }
    } finally {
      clearTimeout(late);
      clearTimeout(silent);
      clearInterval(again);
      open.delete(wait);
    }
  }

  return {
    until,
    begun: (part) => begun[part].promise,
    sentences() {
      const told = [...open].map((wait) => {
        const { part } = wait;
        return [part, `Waiting for ${NAMES[part]} (${codeOf(wait)}). ${MEANWHILE[part]}`];
      });
      return Object.fromEntries(told);
    },
  };
}

/** What went wrong, in a word. */
function codeOf({ error, doing }: Waiting): string {
  if (error === null) return doing === null ? 'no_answer' : 'busy';
  return errorCode(error instanceof AwayError ? error.cause : error);
}

/** How long to wait before the next try, in ms; at least as long as the error asks for, but a minute at most. */
function pause(error: unknown, tries: number): number {
  const asked = Math.max(waitAskedFor(error), waitAskedFor((error as Error).cause));
  const usual = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.max(usual, Math.min(asked, LONGEST_MS));
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The result of `work`, unless the process stops first: work may hang. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
