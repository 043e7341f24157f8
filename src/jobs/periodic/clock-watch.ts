const LOOK_MS = 1_000;
/** Clocks are corrected by little all the time; that holds nothing up. */
const TOLERANCE_MS = 2_000;

/**
 * Tells `onStepBack` when the machine's clock was set back, and by how many ms, within a second or two. A step
 * forward needs no care: work only falls due earlier. Answers how to stop.
 */
export function watchClock(onStepBack: (ms: number) => void): () => void {
  // What the wall clock says and the steady one does not: it changes only when somebody sets the clock.
  let offset = Date.now() - performance.now();
  const timer = setInterval(() => {
    const before = offset;
    offset = Date.now() - performance.now();
    if (before - offset > TOLERANCE_MS) onStepBack(before - offset);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
