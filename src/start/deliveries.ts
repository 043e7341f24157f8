import { databaseWord } from '../catalog/db/error-word.ts';
import { isDatabaseError } from '../catalog/db/outage.ts';
import type { Missed } from '../slack/missed.ts';
import { MINUTE_MS } from '../time.ts';

/**
 * Slack repeats a refused delivery at once, after one minute and after five. If none was refused for longer than that,
 * there is none left that could show that it works again. Source: docs.slack.dev/apis/events-api, "Retries".
 */
const FORGOTTEN_MS = 6 * MINUTE_MS;

/** Also knows whether the last delivery was refused because the catalog could not be written. */
export interface Deliveries extends Missed {
  /** Why the last delivery was refused; undefined when it was not, or when that is long ago. */
  refused(): string | undefined;
}

/** Notes whether deliveries reach the catalog, and tells `missed` of all. `now` is a steady clock, in ms. */
export function watchDeliveries(missed: Missed, now: () => number = () => performance.now()): Deliveries {
  let last: { code: string; at: number } | undefined;
  return {
    missed(error) {
      const cause = databaseErrorIn(error);
      if (cause !== undefined) last = { code: databaseWord(cause), at: now() };
      missed.missed(error);
    },
    worked() {
      last = undefined;
      missed.worked();
    },
    stop: () => missed.stop(),
    refused: () => (last !== undefined && now() - last.at < FORGOTTEN_MS ? last.code : undefined),
  };
}

/** Bolt wraps what its listeners throw: one error as `original`, several as `originals`. */
function databaseErrorIn(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if (isDatabaseError(error)) return error;
  const { original, originals } = error as { original?: unknown; originals?: unknown };
  const inner = Array.isArray(originals) ? originals : [original];
  return inner.map(databaseErrorIn).find((found) => found !== undefined);
}
