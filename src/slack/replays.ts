import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';
import { SIGNED_FOR_MS } from './signed-request.ts';

/** Twice the limit: the time of a request may be too early or too late by as much. */
const KEPT_MS = 2 * SIGNED_FOR_MS;

/** The time in a signature is in whole seconds. Two equal requests this close together may really be two clicks. */
const SAME_MOMENT_MS = 2_000;

/** Slack waits three seconds for an answer. A memory that is slower is not waited for. */
const PATIENCE_MS = 1_000;

/** `block_suggestion` asks for the options of a menu, which is only a read. */
const HARMLESS = ['app_rate_limited', 'block_suggestion'];

interface Told {
  event?: unknown;
  type?: unknown;
  trigger_id?: unknown;
}

/** A signed request, the wall clock's time (ms), and for how long it has to be known (ms). */
export interface SignedOnce {
  signature: string;
  now: number;
  keptMs: number;
}

/** Says when a request came first, in ms, or undefined if it never came. It outlives the process; all bots share it. */
export type SharedMemory = (request: SignedOnce) => Promise<number | undefined>;

/**
 * Knows which commands and clicks came before. Slack sends each once, so a second one is somebody else's copy, and its
 * signature is valid for five minutes. Events do come again; that is harmless. What this process saw it knows by
 * itself, at once. What came before it started, or to another bot, the shared memory knows.
 */
export function createReplays(options: { shared: SharedMemory; log: Log; clock?: () => number }) {
  const { shared, log, clock = () => performance.now() } = options;
  const seen = new Map<string, number>();

  function seenHere(signature: string): number | undefined {
    const now = clock();
    for (const [old, at] of seen) {
      if (at + KEPT_MS > now) break;
      seen.delete(old);
    }
    const before = seen.get(signature);
    if (before === undefined) seen.set(signature, now);
    return before === undefined ? undefined : now - before;
  }

  async function seenAnywhere(signature: string): Promise<number | undefined> {
    const now = Date.now();
    try {
      const asked = shared({ signature, now, keptMs: KEPT_MS });
      const first = await Promise.race([asked, sleep(PATIENCE_MS, undefined, { ref: false })]);
      return first === undefined ? undefined : now - first;
    } catch (error) {
      // Without the catalog, what the request orders cannot be done either.
      log.warn({ code: errorCode(error), err: error }, 'cannot tell whether a command or click came before');
      return undefined;
    }
  }

  return {
    /** True for a command or click that came before. */
    async isReplay(signature: string | string[] | undefined, body: Told): Promise<boolean> {
      const isHarmless = body.event !== undefined || HARMLESS.includes(String(body.type));
      if (isHarmless || typeof signature !== 'string') return false;
      const ago = seenHere(signature) ?? (await seenAnywhere(signature));
      return ago !== undefined && (isOneOfAKind(body) || ago >= SAME_MOMENT_MS);
    },
  };
}

/** Slack gives each command and most clicks an id of their own: 13345224609.738474920.8088930838d88f008e0. */
function isOneOfAKind({ trigger_id: id }: Told): boolean {
  return typeof id === 'string' && /^\d+\.\d+\.\w+$/.test(id);
}
