import { SIGNED_FOR_MS } from './signed-request.ts';

/** A time may be as far ahead as it may be past. */
const KEPT_MS = 2 * SIGNED_FOR_MS;

const HARMLESS = ['app_rate_limited', 'block_suggestion'];

/**
 * Knows which commands and clicks came before. Slack sends each once, so a second one is somebody else's copy; within
 * five minutes its signature is still good. Events do come again, and are harmless.
 */
export function createReplays(clock: () => number = () => performance.now()) {
  const seen = new Map<string, number>();
  return {
    /** True for a command or click that came before. */
    isReplay(signature: string | string[] | undefined, body: { event?: unknown; type?: unknown }): boolean {
      // What a menu offers is only read, and may well be asked for twice in a second.
      const isHarmless = body.event !== undefined || HARMLESS.includes(String(body.type));
      if (isHarmless || typeof signature !== 'string') return false;
      const now = clock();
      for (const [old, until] of seen) {
        if (until > now) break;
        seen.delete(old);
      }
      if (seen.has(signature)) return true;
      seen.set(signature, now + KEPT_MS);
      return false;
    },
  };
}
