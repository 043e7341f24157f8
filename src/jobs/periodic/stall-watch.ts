const LOOK_MS = 500;
/** How long Slack waits for an acknowledgement. Source: docs.slack.dev/apis/events-api, "Responding to events". */
const PATIENCE_MS = 3_000;

/**
 * Calls `onStall` when this process did nothing for longer than Slack waits: another program locked the catalog, for
 * example, or the process was paused. Deliveries in that time were not acknowledged and may never arrive: a connection
 * that does not answer is closed, with everything in it. Returns a function that stops the watch.
 */
export function watchStalls(onStall: (ms: number) => void, patienceMs: number = PATIENCE_MS): () => void {
  let last = performance.now();
  const timer = setInterval(
    () => {
      const ms = performance.now() - last;
      last = performance.now();
      if (ms >= patienceMs) onStall(ms);
    },
    Math.min(LOOK_MS, patienceMs / 4),
  );
  timer.unref();
  return () => clearInterval(timer);
}
