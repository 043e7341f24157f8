/** A person may close a window much later; Slack lets a message be changed for 30 minutes. A little less, to be safe. */
const OPEN_MS = 25 * 60_000;

/** So many are remembered at most; the oldest are forgotten first. */
const MOST = 10_000;

/**
 * What stands behind open windows, and how to draw it anew: a list follows what is done in a window that was opened from
 * it. The way to do so is a secret of Slack's, so it stays in this process.
 */
export interface Redraws {
  /** Remembers what the window `viewId` was opened from. A redraw that answers false could not draw all of it. */
  keep(viewId: string, redraw: () => Promise<unknown>, now: number): void;
  /** How to draw it anew; undefined when that is not known here, or it is too late. */
  of(viewId: string, now: number): (() => Promise<unknown>) | undefined;
}

export function createRedraws(): Redraws {
  const kept = new Map<string, { redraw: () => Promise<unknown>; until: number }>();
  return {
    keep(viewId, redraw, now) {
      // They stand in the order in which they end.
      for (const [id, { until }] of kept) {
        if (until > now && kept.size < MOST) break;
        kept.delete(id);
      }
      kept.delete(viewId);
      kept.set(viewId, { redraw, until: now + OPEN_MS });
    },
    of(viewId, now) {
      const found = kept.get(viewId);
      return found !== undefined && found.until > now ? found.redraw : undefined;
    },
  };
}
