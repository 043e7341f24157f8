import { setTimeout as pause } from 'node:timers/promises';
import { atMost } from '../at-most.ts';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { askingFor, type Urgency } from '../slack/urgency.ts';

export interface Worker {
  readonly name: string;
  /** Looks for due rows now instead of at the next turn; a moment later if it has just found none. */
  wake(): void;
  /** Items being worked on. */
  running(): number;
  /**
   * Takes no more rows and lets running work finish, for at most `graceMs`. Then it aborts the work's signal, and the
   * work has a moment to hand its rows back.
   */
  stop(graceMs: number): Promise<void>;
}

/** After an abort, how long an item may take to hand its row back. */
const HAND_BACK_MS = 3_000;

/** How long to wait after a failed look at the database. */
const RETRY_MS = 1_000;

/** How long a wake-up waits after a look that found nothing: with many captures, such looks would cost the most. */
const REST_MS = 100;

/** Which rows are worked on, and how. */
export interface WorkOn<Row> {
  /** Its name in the log and for wake-ups. */
  name: string;
  /** How many rows are worked on at once. */
  concurrency: number;
  /** Leases up to `limit` due rows. */
  claim(limit: number): Promise<Row[]>;
  /** When the next row falls due (ms), or null. */
  nextDueAt(): Promise<number | null>;
  /**
   * Names a row, so that it is not worked on twice at once. When the clock is set forward, its lease seems to have run
   * out, and it is claimed again during the work.
   */
  key?(row: Row): string;
  /** Does one row's work. An error is logged; the row falls due again when its lease runs out. */
  work(row: Row, signal: AbortSignal): Promise<void>;
  /**
   * Gives up the lease of a row whose work failed; for long leases. It is tried until it works, because mostly the
   * catalog failed, and without the catalog nothing can be given up.
   */
  handBack?(row: Row): Promise<unknown>;
  /** How urgent the work's questions to Slack are (not urgent: nobody waits). */
  urgency?: Urgency;
  /** How long a wake-up waits after a look that found nothing, in ms (100). */
  restMs?: number;
}

/**
 * Works on due rows: claims as many as it can work on now, sleeps until the next one is due, and looks again when
 * woken. There is no queue besides the rows, so a process that dies loses nothing; its leases run out.
 */
export function startWorker<Row>(
  options: WorkOn<Row> & {
    /** The longest sleep, in ms: other processes may add rows without waking this one. */
    longestSleepMs: number;
    log: Log;
  },
): Worker {
  const { log, name, restMs = REST_MS } = options;
  const abort = new AbortController();
  const running = new Set<Promise<void>>();
  const busy = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  /** When the timer ends, and until when wake-ups wait, by the steady clock. */
  let wakesAt = Number.POSITIVE_INFINITY;
  let restsUntil = 0;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  function start(item: Row): void {
    const key = options.key?.(item);
    if (key !== undefined && busy.has(key)) return;
    if (key !== undefined) busy.add(key);
    const done = askingFor(options.urgency ?? 'background', () => options.work(item, abort.signal))
      .catch((error) => {
        log.error(
          { worker: name, code: errorCode(error), err: error },
          'work failed; the row will fall due again',
        );
        return handBack(item);
      })
      .finally(() => {
        running.delete(done);
        if (key !== undefined) busy.delete(key);
        wake();
      });
    running.add(done);
  }

  async function handBack(item: Row): Promise<void> {
    if (options.handBack === undefined) return;
    do {
      try {
        await options.handBack(item);
        return;
      } catch (error) {
        log.warn({ worker: name, code: errorCode(error) }, 'a row cannot be handed back yet');
        await pause(RETRY_MS, undefined, { signal: abort.signal }).catch(() => undefined);
      }
    } while (!stopped);
  }

  async function look(): Promise<void> {
    const free = options.concurrency - running.size;
    if (stopped || free <= 0) return;
    const items = await options.claim(free);
    for (const item of items) start(item);
    restsUntil = items.length === 0 ? performance.now() + restMs : 0;
    // It got as many as it asked for: there may be more.
    if (again || items.length === free) return;
    const next = await options.nextDueAt();
    const wait =
      next === null
        ? options.longestSleepMs
        : Math.min(Math.max(next - Date.now(), 10), options.longestSleepMs);
    sleep(wait);
  }

  function sleep(ms: number): void {
    clearTimeout(timer);
    wakesAt = performance.now() + ms;
    if (!stopped) timer = setTimeout(lookNow, ms);
  }

  function wake(): void {
    if (stopped) return;
    if (looking !== undefined) {
      again = true;
      return;
    }
    const rest = restsUntil - performance.now();
    if (rest <= 0) lookNow();
    else if (restsUntil < wakesAt) sleep(rest);
  }

  function lookNow(): void {
    clearTimeout(timer);
    wakesAt = Number.POSITIVE_INFINITY;
    again = false;
    looking = look()
      .catch((error) => {
        log.error(
          { worker: name, code: errorCode(error), err: error },
          'cannot look for due rows; trying again',
        );
        sleep(RETRY_MS);
      })
      .finally(() => {
        looking = undefined;
        if (again) wake();
      });
  }

  wake();
  return {
    name,
    wake,
    running: () => running.size,
    async stop(graceMs) {
      stopped = true;
      clearTimeout(timer);
      // A look may hang with the database, and the rows that it finds are started too.
      const finished = (async () => {
        await looking;
        await Promise.all(running);
      })();
      await atMost(graceMs, finished);
      abort.abort();
      await atMost(HAND_BACK_MS, Promise.all(running));
    },
  };
}
