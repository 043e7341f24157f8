import Bottleneck from 'bottleneck';
import { RetryableError } from '../errors.ts';
import { MINUTE_MS } from '../time.ts';
import { PRIORITY, type Urgency } from './urgency.ts';

/** How fast the calls of one key may go. */
export interface Pace {
  /** Calls under way at the same time. */
  atOnce: number;
  /** Calls that may start within any minute. */
  perMinute?: number;
  /** Time between the starts of two calls, in ms. */
  spacingMs?: number;
}

/** How a call waits for its turn. */
export interface Waiting {
  /** The more urgent call goes first. With the same urgency, the first to ask goes first. */
  urgency?: Urgency;
  /** How long to wait for the turn, in ms (default: no limit). */
  patienceMs?: number;
  /** Before the turn comes, this takes the call out of the line. Then the call fails with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface Paces {
  /**
   * Runs `call` when its turn comes. Throws `NoTurnError` when the turn cannot come in time: at once if that is
   * certain, else when the patience ends. In both cases the call has left the line.
   */
  run<T>(key: string, call: () => Promise<T>, waiting?: Waiting): Promise<T>;
  /** Starts no call of this key for `ms`. */
  rest(key: string, ms: number): void;
  /** Starts no calls any more. Waiting calls never get an answer. */
  close(): void;
}

/** A call gets no turn within its patience. */
export class NoTurnError extends RetryableError {
  declare readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('no_turn', `No turn yet; the next may come in ${Math.ceil(retryAfterMs)} ms`, { retryAfterMs });
    this.name = 'NoTurnError';
  }
}

/** While calls wait, this often: checks whether there are fewer sharers and whether the clock was set. */
const LOOK_AGAIN_MS = 1_000;
const HAND_OVER_MS = 1_000;
/** Clocks are often corrected a little. That delays nobody for long. */
const TOLERANCE_MS = 500;
/** With more keys than this, unused keys are forgotten: a workspace has many channels. */
const MANY_KEYS = 1_000;
/** Turns for a key without a limit per minute. */
const NO_LIMIT = 1e6;

interface Job {
  priority: number;
  begin(): Promise<void>;
}

/** One key. `bottleneck` gives the turns. How many it may give (its reservoir) is kept up to date here. */
interface Lane extends Pace {
  limiter: Bottleneck;
  /** In the order in which the calls were asked for. */
  waiting: Set<Job>;
  running: Set<Promise<void>>;
  /** When the calls of the last minute started, oldest first. */
  begun: number[];
  /** Turns in the reservoir that nobody has taken yet. */
  turns: number;
  restsUntil: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps calls within Slack's limits, with one `bottleneck` limiter for each key. Minutes, spaces and rests are measured
 * with a steady clock. `bottleneck` itself uses the machine's clock and stops when that clock is set back. Then the
 * limiter is replaced: waiting calls go to a new one, in the same order.
 *
 * `sharers` returns how many processes now share what Slack allows. Each takes its part, but at least one call a
 * minute. While `mayBeFewer` is true, no call is refused before its patience ends.
 */
export function createPaces(
  paceOf: (key: string) => Pace,
  o: { now?(): number; sharers?(): number; mayBeFewer?(): boolean } = {},
): Paces {
  const { now = () => performance.now(), sharers = () => 1, mayBeFewer = () => false } = o;
  const lanes = new Map<string, Lane>();
  let closed = false;
  let looking: NodeJS.Timeout | undefined;
  const offset = () => Date.now() - performance.now();
  let knownOffset = offset();
  const wasSetBack = () => knownOffset - offset() > TOLERANCE_MS;

  function laneOf(key: string): Lane {
    const known = lanes.get(key);
    if (known) return known;
    if (lanes.size >= MANY_KEYS) forgetIdle();
    const pace = paceOf(key);
    const lane: Lane = {
      ...{ ...pace, limiter: limiterOf(pace.atOnce, 0), timer: undefined },
      ...{ waiting: new Set(), running: new Set(), begun: [], turns: 0, restsUntil: 0 },
    };
    lanes.set(key, lane);
    return lane;
  }

  function forgetIdle(): void {
    for (const [key, lane] of lanes) {
      forgetOld(lane);
      const rests = lane.restsUntil > now();
      if (rests || lane.running.size + lane.waiting.size + lane.begun.length > 0) continue;
      clearTimeout(lane.timer);
      lanes.delete(key);
    }
  }

  function forgetOld({ begun }: Lane): void {
    while (begun[0] !== undefined && begun[0] <= now() - MINUTE_MS) begun.shift();
  }

  const allowed = ({ perMinute }: Pace) =>
    perMinute === undefined ? NO_LIMIT : Math.max(1, Math.floor(perMinute / sharers()));
  const spacing = ({ spacingMs = 0 }: Pace) => spacingMs * sharers();

  /** Time in ms until the lane has a turn for a call with `ahead` others before it. */
  function waitOf(lane: Lane, ahead = 0): number {
    forgetOld(lane);
    const { begun, restsUntil } = lane;
    const last = begun.at(-1);
    const most = allowed(lane);
    // The call that must have started a minute before: a started one or, in a long line, one of those ahead.
    let at = begun.length + ahead - most;
    let minutes = 1;
    for (; at >= Math.max(begun.length, most); at -= most) minutes += 1;
    return Math.max(
      0,
      restsUntil - now(),
      last === undefined ? 0 : last + spacing(lane) - now(),
      at < 0 ? 0 : (begun[at] ?? now()) + minutes * MINUTE_MS - now(),
    );
  }

  /** Puts the turns that there are now into the reservoir. Runs again when there will be more. */
  function refill(lane: Lane): void {
    forgetOld(lane);
    const wait = waitOf(lane);
    const most = lane.spacingMs ? 1 : allowed(lane) - lane.begun.length;
    const more = (wait > 0 ? Math.min(0, most) : most) - lane.turns;
    if (more !== 0) {
      lane.turns += more;
      // A relative change does not count turns twice that are being taken at this moment.
      void lane.limiter.incrementReservoir(more);
    }
    clearTimeout(lane.timer);
    const next = wait > 0 ? wait : (lane.begun[0] ?? Number.POSITIVE_INFINITY) + MINUTE_MS - now();
    if (closed || lane.waiting.size === 0 || next === Number.POSITIVE_INFINITY) return;
    lane.timer = setTimeout(() => refill(lane), Math.max(1, Math.ceil(next)));
  }

  /**
   * Asks for one more turn. `bottleneck` needs some ms to take each call into its line, one after the other. So a turn
   * belongs to no call: when it comes, the most urgent waiting call gets it, or nobody if all have left.
   */
  function askForTurn(lane: Lane): void {
    const { limiter } = lane;
    void limiter.schedule(async () => {
      if (closed || lane.limiter !== limiter) return;
      lane.turns -= 1;
      const job = firstOf(lane.waiting);
      if (job === undefined) return refill(lane);
      lane.waiting.delete(job);
      lane.begun.push(now());
      refill(lane);
      const done = job.begin();
      lane.running.add(done);
      await done;
      lane.running.delete(done);
    });
  }

  function renew(lane: Lane): void {
    const old = lane.limiter;
    // Calls under way keep their place, but need no turn any more.
    lane.limiter = limiterOf(lane.atOnce, lane.running.size);
    lane.turns = 0;
    void old.stop({ dropWaitingJobs: true });
    for (const done of lane.running) void lane.limiter.schedule({ priority: 0 }, () => done);
    for (let turns = lane.waiting.size; turns > 0; turns--) askForTurn(lane);
    refill(lane);
  }

  /** Checks what can change by itself: the number of sharers and the machine's clock. */
  function look(): void {
    clearTimeout(looking);
    looking = undefined;
    const setBack = wasSetBack();
    knownOffset = offset();
    let waiting = 0;
    for (const lane of lanes.values()) {
      if (setBack) renew(lane);
      else if (lane.waiting.size > 0) refill(lane);
      waiting += lane.waiting.size;
    }
    if (waiting > 0 && !closed) looking = setTimeout(look, LOOK_AGAIN_MS);
  }

  return {
    run(key, call, { urgency = 'background', patienceMs, signal } = {}) {
      const lane = laneOf(key);
      const priority = PRIORITY[urgency];
      const ahead = [...lane.waiting].filter((other) => other.priority <= priority).length;
      return new Promise((resolve, reject) => {
        const wait = lane.spacingMs ? waitOf(lane) + ahead * spacing(lane) : waitOf(lane, ahead);
        if (signal?.aborted) return reject(signal.reason);
        if (patienceMs !== undefined && wait > patienceMs && !mayBeFewer())
          return reject(new NoTurnError(wait));
        let timer: NodeJS.Timeout | undefined;
        const stopWaiting = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
        };
        const leave = (reason: unknown) => {
          stopWaiting();
          if (lane.waiting.delete(job)) reject(reason);
        };
        const onAbort = () => leave(signal?.reason);
        const job: Job = {
          priority,
          async begin() {
            stopWaiting();
            try {
              resolve(await call());
            } catch (error) {
              reject(error);
            }
          },
        };
        signal?.addEventListener('abort', onAbort);
        if (patienceMs !== undefined) {
          // To hand over a free turn takes a moment. That does not count as waiting.
          const isFree = wait === 0 && lane.running.size + lane.waiting.size < lane.atOnce;
          const giveUp = () => leave(new NoTurnError(Math.max(waitOf(lane), LOOK_AGAIN_MS)));
          timer = setTimeout(giveUp, isFree ? Math.max(patienceMs, HAND_OVER_MS) : patienceMs);
        }
        lane.waiting.add(job);
        askForTurn(lane);
        refill(lane);
        if (wasSetBack()) look();
        else looking ??= setTimeout(look, LOOK_AGAIN_MS);
      });
    },
    rest(key, ms) {
      const lane = laneOf(key);
      lane.restsUntil = Math.max(lane.restsUntil, now() + ms);
      refill(lane);
    },
    close() {
      closed = true;
      clearTimeout(looking);
      for (const { timer, limiter } of lanes.values()) {
        clearTimeout(timer);
        void limiter.stop({ dropWaitingJobs: true });
      }
    },
  };
}

/** The most urgent job. With the same urgency, the first to ask. */
function firstOf(waiting: ReadonlySet<Job>): Job | undefined {
  let first: Job | undefined;
  for (const job of waiting) if (first === undefined || job.priority < first.priority) first = job;
  return first;
}

/** Dropped turns are not rejected: another limiter has taken over, or no calls start any more. */
function limiterOf(atOnce: number, turns: number): Bottleneck {
  return new Bottleneck({ maxConcurrent: atOnce, reservoir: turns, rejectOnDrop: false });
}
