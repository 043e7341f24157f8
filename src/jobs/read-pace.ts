import type { ReadingPolicy } from '../config-reading.ts';

/** Captures come first. But where some wait all day, a document is read in each such time. In ms. */
const MOST_PATIENCE_MS = 60_000;
const LOOKS_AGAIN_MS = 1_000;
/** Night is from 20:00 to 6:00, by this machine's clock. */
const [EVENING, MORNING] = [20, 6];

/** When the next document may be read. */
export interface ReadPace {
  /** Not before this time (ms); a past one: now. `older`: whether older files may be read now. */
  turn(o: { captureDueAt: number | null }): { notBefore: number; older: boolean };
  /** A document was read, in so many ms. */
  worked(ms: number): void;
}

/**
 * Reading takes `percent` of a processor at most: after each document it rests accordingly, however long that is: an archive of scans
 * has one long document after the other. While captures wait for a free
 * place, it waits, too. Older files wait for the night if asked.
 */
export function createReadPace(
  { percent, older }: Pick<ReadingPolicy, 'percent' | 'older'>,
  now: () => number,
): ReadPace {
  let restsUntil = 0;
  let waitsSince: number | null = null;
  return {
    turn({ captureDueAt }) {
      const at = now();
      const isBusy = captureDueAt !== null && captureDueAt <= at;
      if (!isBusy) waitsSince = null;
      else waitsSince ??= at;
      const isPatient = waitsSince !== null && at - waitsSince < MOST_PATIENCE_MS;
      const notBefore = Math.max(restsUntil, isPatient ? at + LOOKS_AGAIN_MS : 0);
      return { notBefore, older: older === 'always' || isNight(at) };
    },
    worked(ms) {
      restsUntil = now() + ms * (100 / percent - 1);
      if (waitsSince !== null) waitsSince = now();
    },
  };
}

function isNight(at: number): boolean {
  const hour = new Date(at).getHours();
  return hour >= EVENING || hour < MORNING;
}

/** When the next night begins; now if it is night. */
export function nextNight(at: number): number {
  return isNight(at) ? at : new Date(at).setHours(EVENING, 0, 0, 0);
}
