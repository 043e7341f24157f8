import { SIGNED_FOR_MS } from './signed-request.ts';

/** Twice the limit: the time of a request may be too early or too late by as much. */
const KEPT_MS = 2 * SIGNED_FOR_MS;

/** The time in a signature is in whole seconds. Two equal requests this close together may really be two clicks. */
const SAME_MOMENT_MS = 2_000;

/** `block_suggestion` asks for the options of a menu, which is only a read. */
const HARMLESS = ['app_rate_limited', 'block_suggestion'];

interface Told {
  event?: unknown;
  type?: unknown;
  trigger_id?: unknown;
}

/**
 * Knows which commands and clicks came before. Slack sends each once, so a second one is somebody else's copy, and its
 * signature is valid for five minutes. Events do come again; that is harmless.
 */
export function createReplays(clock: () => number = () => performance.now()) {
  const seen = new Map<string, number>();
  return {
    /** True for a command or click that came before. */
    isReplay(signature: string | string[] | undefined, body: Told): boolean {
      const isHarmless = body.event !== undefined || HARMLESS.includes(String(body.type));
      if (isHarmless || typeof signature !== 'string') return false;
      const now = clock();
      for (const [old, at] of seen) {
        if (at + KEPT_MS > now) break;
        seen.delete(old);
      }
      const before = seen.get(signature);
      if (before !== undefined) return isOneOfAKind(body) || now - before >= SAME_MOMENT_MS;
      seen.set(signature, now);
      return false;
    },
  };
}

/** Slack gives each command and most clicks an id of their own: 13345224609.738474920.8088930838d88f008e0. */
function isOneOfAKind({ trigger_id: id }: Told): boolean {
  return typeof id === 'string' && /^\d+\.\d+\.\w+$/.test(id);
}
