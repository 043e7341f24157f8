const LOOK_MS = 1_000;
/** Clocks are often corrected by a little; that delays nothing. */
const TOLERANCE_MS = 2_000;

/**
 * Calls `onStepBack` within a second or two when the machine's clock was set back, and says by how many ms. A step
 * forward is harmless: work only falls due earlier. Returns a function that stops the watch.
 */
export function watchClock(onStepBack: (ms: number) => void): () => void {
  // The wall clock minus the steady clock: it changes only when somebody sets the clock.
  let offset = Date.now() - performance.now();
  const timer = setInterval(() => {
    const before = offset;
    offset = Date.now() - performance.now();
    if (before - offset > TOLERANCE_MS) onStepBack(before - offset);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
