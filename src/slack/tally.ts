import { MINUTE_MS } from '../time.ts';

/** Counts what happened in the last minute. */
export interface Tally {
  /** True when `most` have been counted in the last minute. Otherwise false, and one more is counted. */
  isFull(): boolean;
}

export function createTally(most: number, now: () => number = () => performance.now()): Tally {
  const times: number[] = [];
  return {
    isFull() {
      while (times[0] !== undefined && times[0] <= now() - MINUTE_MS) times.shift();
      if (times.length >= most) return true;
      times.push(now());
      return false;
    },
  };
}
