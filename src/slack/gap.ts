/**
 * Slack repeats an event that it could not deliver at once, a minute later and five minutes later. A gap shorter than
 * this is bridged by the repeats. Source: docs.slack.dev/apis/events-api, "Retries".
 */
export const LONG_GAP_MS = 60_000;

export interface GapWatch {
  /** At least one connection is open. */
  open(): void;
  /** None is. */
  closed(): void;
}

/** Watches for long times without any connection; `onLongGap` is called at the end of one. `now` counts up steadily. */
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
