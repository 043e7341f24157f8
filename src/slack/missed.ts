import { errorCode } from '../errors.ts';
import type { Log } from '../log.ts';

/** The first wait before the catalog is tried again. The wait doubles up to the ceiling. */
const FIRST_MS = 1_000;
const CEILING_MS = 15_000;

export interface Missed {
  /** A delivery could not be written down and was not acknowledged; `error` says why. Never throws. */
  missed(error?: unknown): void;
  /** A delivery was written down. So the catalog works, and what was missed can be asked for now. Never throws. */
  worked(): void;
  stop(): void;
}

/**
 * Makes sure that deliveries that could not be acknowledged are not lost. Slack repeats a delivery at most three times,
 * within some minutes, and an outage may last longer. So when the catalog can be written again, `ask` asks for a round
 * through all channels. This is tried even if no other delivery comes. `ask` rejects while the catalog is away.
 * Source: docs.slack.dev/apis/events-api, "Retries".
 */
export function watchMissed(o: { ask(): Promise<void>; log: Log }): Missed {
  let isMissing = false;
  let isAsking = false;
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function ask(): Promise<void> {
    if (!isMissing || isAsking || isOver) return;
    isAsking = true;
    clearTimeout(timer);
    // Deliveries missed from now on need another round.
    isMissing = false;
    try {
      await o.ask();
      tries = 0;
      o.log.info('deliveries could not be acknowledged for a while: all channels are looked through');
    } catch (error) {
      isMissing = true;
      o.log.warn({ code: errorCode(error) }, 'cannot ask yet for what could not be acknowledged');
    } finally {
      isAsking = false;
    }
    if (isMissing) later();
  }

  function later(): void {
    if (isOver) return;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), Math.min(CEILING_MS, FIRST_MS * 2 ** tries));
    timer.unref();
    tries = Math.min(tries + 1, 10);
  }

  return {
    missed() {
      if (isMissing) return;
      isMissing = true;
      if (!isAsking) later();
    },
    worked() {
      if (isMissing) void ask();
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
