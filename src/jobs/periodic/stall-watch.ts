const LOOK_MS = 500;
/** Slack waits so long for an acknowledgement. Source: docs.slack.dev/apis/events-api, "Responding to events". */
const PATIENCE_MS = 3_000;

/**
 * Tells `onStall` when this process did nothing at all for longer than Slack waits, as while it waits for another program's
 * lock on the catalog, or was stopped. What came meanwhile was not acknowledged, and may never be seen here: a connection
 * that did not answer is closed, with all that it still held. Answers how to stop.
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
