import { waitAskedFor } from '../errors.ts';

const FIRST_MS = 1_000;
const CEILING_MS = 10 * 60_000;

/** The longest wait for things that nobody waits for, such as a message that Slack refuses. */
export const HOUR_CEILING_MS = 60 * 60_000;

/**
 * How long to wait before attempt `attempts` + 1, in ms: one second, doubled each time up to ten minutes (or to
 * `ceilingMs`), varied at random by up to a quarter: files that failed together should not all come back together.
 */
export function backOff(
  attempts: number,
  random: () => number = Math.random,
  ceilingMs: number = CEILING_MS,
): number {
  const base = Math.min(ceilingMs, FIRST_MS * 2 ** Math.max(0, Math.min(attempts, 20) - 1));
  return Math.round(base * (0.75 + random() / 2));
}

/** How long to wait after this error, in ms: the back-off, but not less than the error asks for. */
export function waitAfter(error: unknown, attempts: number, ceilingMs: number = CEILING_MS): number {
  return Math.max(backOff(attempts, Math.random, ceilingMs), waitAskedFor(error));
}
