import Bottleneck from 'bottleneck';
import { RetryableError } from '../errors.ts';
import { MINUTE_MS } from '../time.ts';
import { PRIORITY, type Urgency } from './urgency.ts';

/** How fast calls under one key may go. */
export interface Pace {
  /** Calls under way at a time. */
  atOnce: number;
  /** Calls begun within any minute. */
  perMinute?: number;
  /** Between the beginnings of two calls, in ms. */
  spacingMs?: number;
}

/** How a call waits for its turn. */
export interface Waiting {
  /** The more urgent goes first; within one urgency, who asked first. */
  urgency?: Urgency;
  /** How long the turn may take to come, in ms (as long as it takes). */
  patienceMs?: number;
  /** Leaves the line, if the turn has not come yet: the call then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface Paces {
  /**
   * Runs `call` when the turn of its key comes. Throws `NoTurnError` when it cannot come in time: at once where that
   * is certain, otherwise when patience ends; either way the call has left the line.
   */
  run<T>(key: string, call: () => Promise<T>, waiting?: Waiting): Promise<T>;
  /** Begins no call of this key for so long. */
  rest(key: string, ms: number): void;
  /** Begins nothing any more. What waits is left waiting. */
  close(): void;
}

/** There is no turn for a call within its patience. */
export class NoTurnError extends RetryableError {
  declare readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('no_turn', `No turn yet; the next may come in ${Math.ceil(retryAfterMs)} ms`, { retryAfterMs });
    this.name = 'NoTurnError';
  }
}

/** While somebody waits, so often it is looked whether the others have left more, and whether the clock was set. */
const LOOK_AGAIN_MS = 1_000;
const HAND_OVER_MS = 1_000;
/** Clocks are corrected by little all the time; that holds nobody up for long. */
const TOLERANCE_MS = 500;
/** Keys that nobody waits for are forgotten when there are more than this: a workspace has many channels. */
const MANY_KEYS = 1_000;
/** Turns of a key that has no limit a minute. */
const NO_LIMIT = 1e6;

interface Job {
  priority: number;
  begin(): Promise<void>;
}

/** One key: `bottleneck` keeps the line, and how many turns it may give (its reservoir) is kept up to date here. */
interface Lane extends Pace {
  limiter: Bottleneck;
  /** In the order in which they were asked for. */
  waiting: Set<Job>;
  running: Set<Promise<void>>;
  /** When the calls of the last minute began, oldest first. */
  begun: number[];
  /** Turns that were put into the reservoir and not taken. */
  turns: number;
  restsUntil: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps calls within Slack's limits, with one `bottleneck` limiter for each key. Minutes, spaces and rests are measured
 * by a steady clock; `bottleneck` itself measures by the machine's, and stands still when that is set back. Then it is
 * renewed: what waits goes to a fresh limiter, in its order.
 *
 * `sharers` tells how many processes share what Slack allows, now: each takes its part, but one call a minute at least.
 * While there `mayBeFewer` soon, nobody is turned away before their patience ends.
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

  /** How long, in ms, until the lane has a turn for whoever has so many others before them. */
  function waitOf(lane: Lane, ahead = 0): number {
    forgetOld(lane);
    const { begun, restsUntil } = lane;
    const last = begun.at(-1);
    const most = allowed(lane);
    // The call that must be a minute ago by then: one of those begun, or, of a long line, one of those ahead.
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

  /** Puts as many turns into the reservoir as there are now, and comes back when there will be more. */
  function refill(lane: Lane): void {
    forgetOld(lane);
    const wait = waitOf(lane);
    const most = lane.spacingMs ? 1 : allowed(lane) - lane.begun.length;
    const more = (wait > 0 ? Math.min(0, most) : most) - lane.turns;
    if (more !== 0) {
      lane.turns += more;
      // Relative, so that turns which are being taken at this moment are not counted twice.
      void lane.limiter.incrementReservoir(more);
    }
    clearTimeout(lane.timer);
    const next = wait > 0 ? wait : (lane.begun[0] ?? Number.POSITIVE_INFINITY) + MINUTE_MS - now();
    if (closed || lane.waiting.size === 0 || next === Number.POSITIVE_INFINITY) return;
    lane.timer = setTimeout(() => refill(lane), Math.max(1, Math.ceil(next)));
  }

  /**
   * Asks for one more turn. `bottleneck` takes some ms for each that gets in line, one after the other, so its turns
   * bear no names: each goes to the most urgent who waits when it comes, or to nobody if they have left.
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
    // What is under way keeps its place; its turn is over.
    lane.limiter = limiterOf(lane.atOnce, lane.running.size);
    lane.turns = 0;
    void old.stop({ dropWaitingJobs: true });
    for (const done of lane.running) void lane.limiter.schedule({ priority: 0 }, () => done);
    for (let turns = lane.waiting.size; turns > 0; turns--) askForTurn(lane);
    refill(lane);
  }

  /** Looks at what changes by itself: how many share, and the machine's clock. */
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
          // Handing a free turn over takes a moment, which is no waiting.
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

/** The most urgent; of one urgency, who asked first. */
function firstOf(waiting: ReadonlySet<Job>): Job | undefined {
  let first: Job | undefined;
  for (const job of waiting) if (first === undefined || job.priority < first.priority) first = job;
  return first;
}

/** What is dropped is left without an answer: it was handed to another limiter, or nothing begins any more. */
function limiterOf(atOnce: number, turns: number): Bottleneck {
  return new Bottleneck({ maxConcurrent: atOnce, reservoir: turns, rejectOnDrop: false });
}
