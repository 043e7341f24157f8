/** How fast calls under one key may go. */
export interface Pace {
  /** Calls under way at a time. */
  atOnce: number;
  /** Calls begun within any minute. */
  perMinute?: number;
  /** Between the beginnings of two calls, in ms. */
  spacingMs?: number;
}

export interface Paces {
  /** Runs `call` when the turn of its key comes; calls of one key begin in the order in which they were asked for. */
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
  /** Begins nothing any more. What waits is left waiting. */
  close(): void;
}

const MINUTE_MS = 60_000;
/** Who waits looks so often whether the others have left more: how many they are changes. */
const LOOK_AGAIN_MS = 1_000;
/** Keys that nobody waits for are forgotten when there are more than this: a workspace has many channels. */
const MANY_KEYS = 1_000;

interface Lane extends Pace {
  waiting: Array<() => Promise<void>>;
  running: number;
  /** When the calls of the last minute began, oldest first. */
  begun: number[];
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps calls within Slack's limits, one queue for each key. All waiting is measured by a steady clock, so that
 * nothing stands still when the machine's clock is set; the usual libraries measure by the machine's.
 *
 * `sharers` tells how many processes share what Slack allows, now: each takes its part, but one call a minute at least.
 */
export function createPaces(
  paceOf: (key: string) => Pace,
  { now = () => performance.now(), sharers = () => 1 }: { now?(): number; sharers?(): number } = {},
): Paces {
  const lanes = new Map<string, Lane>();
  let closed = false;

  function laneOf(key: string): Lane {
    const known = lanes.get(key);
    if (known) return known;
    if (lanes.size >= MANY_KEYS) forgetIdle();
    const lane = { ...paceOf(key), waiting: [], running: 0, begun: [], timer: undefined };
    lanes.set(key, lane);
    return lane;
  }

  function forgetIdle(): void {
    for (const [key, lane] of lanes) {
      forgetOld(lane);
      if (lane.running + lane.waiting.length + lane.begun.length === 0) lanes.delete(key);
    }
  }

  function forgetOld({ begun }: Lane): void {
    while (begun[0] !== undefined && begun[0] <= now() - MINUTE_MS) begun.shift();
  }

  /** How long the next call has to wait, in ms, as far as time alone decides. */
  function waitOf(lane: Lane): number {
    forgetOld(lane);
    const { begun } = lane;
    const perMinute = Math.max(1, Math.floor((lane.perMinute ?? Number.POSITIVE_INFINITY) / sharers()));
    const spacingMs = (lane.spacingMs ?? 0) * sharers();
    const last = begun.at(-1);
    const spacing = last === undefined ? 0 : last + spacingMs - now();
    const window = begun.length < perMinute ? 0 : (begun.at(-perMinute) ?? 0) + MINUTE_MS - now();
    return Math.max(0, spacing, window);
  }

  function go(lane: Lane): void {
    clearTimeout(lane.timer);
    while (!closed && lane.waiting.length > 0 && lane.running < lane.atOnce) {
      const wait = waitOf(lane);
      if (wait > 0) {
        lane.timer = setTimeout(() => go(lane), Math.ceil(Math.min(wait, LOOK_AGAIN_MS)));
        return;
      }
      lane.begun.push(now());
      lane.running += 1;
      void lane.waiting
        .shift()?.()
        .then(() => {
          lane.running -= 1;
          go(lane);
        });
    }
  }

  return {
    run(key, call) {
      const lane = laneOf(key);
      return new Promise((resolve, reject) => {
        lane.waiting.push(async () => {
          try {
            resolve(await call());
          } catch (error) {
            reject(error);
          }
        });
        go(lane);
      });
    },
    close() {
      closed = true;
      for (const { timer } of lanes.values()) clearTimeout(timer);
    },
  };
}
