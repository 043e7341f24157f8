/**
 * Slack repeats an event that it could not deliver: at once, after a minute and after five minutes. So the repeats
 * cover a gap shorter than this. Source: docs.slack.dev/apis/events-api, "Retries".
 */
export const LONG_GAP_MS = 60_000;

export interface GapWatch {
  /** At least one connection is open. */
  open(): void;
  /** No connection is open. */
  closed(): void;
}

/** Watches for long gaps without any connection. `onLongGap` is called at the end of one. `now` is a steady clock. */
export function watchGaps(onLongGap: () => void, now: () => number = () => performance.now()): GapWatch {
  let since: number | undefined;
  return {
    open() {
      const lasted = since === undefined ? 0 : now() - since;
      since = undefined;
      if (lasted >= LONG_GAP_MS) onLongGap();
    },
    closed() {
      since ??= now();
    },
  };
}
