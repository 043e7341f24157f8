import { removeBot, reportBot } from '../../catalog/alerts/bots.ts';
import { CatalogError } from '../../catalog/db/errors.ts';
import type { Catalog } from '../../catalog/db/open.ts';
import { errorCode } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** How often a bot reports itself and counts the others. */
const EVERY_MS = 2_000;
/**
 * Bots are often started together, and each sees the others only after a moment. Until then, a bot takes no more than
 * if there were `WHILE_SETTLING` bots.
 */
const SETTLING_MS = 5_000;
const WHILE_SETTLING = 10;

export interface Bots {
  /** How many bots share this catalog, this one included, as far as is known. */
  count(): number;
  /** Whether the bot has just started: the real number may be smaller. */
  mayBeFewer(): boolean;
  stop(): Promise<void>;
}

/**
 * Counts the bots that share the catalog, again and again: they all share what Slack allows the app. While the database
 * does not answer, the last count is used. `onOutdated` is called once another version has changed the catalog.
 */
export async function countBots(o: {
  catalog: Catalog;
  owner: string;
  log: Log;
  onOutdated?(error: CatalogError): void;
}): Promise<Bots> {
  const { catalog, owner, log } = o;
  let count = await reportBot(catalog, owner);
  const settledAt = performance.now() + SETTLING_MS;
  const isSettling = () => catalog.kind === 'postgres' && performance.now() < settledAt;
  let counting: Promise<void> = Promise.resolve();
  let isAway = false;
  const look = async () => {
    try {
      const found = await reportBot(catalog, owner);
      if (isAway) log.info('the catalog answers again');
      isAway = false;
      if (found !== count) log.info({ bots: found }, 'bots share this catalog, and what Slack allows');
      count = found;
    } catch (error) {
      if (error instanceof CatalogError && error.code === 'catalog_newer') return o.onOutdated?.(error);
      isAway = true;
      log.warn({ code: errorCode(error), err: error }, 'cannot count the bots');
    }
  };
  let isLooking = false;
  const timer = setInterval(() => {
    // A database that hangs must not find a queue of these when it answers again.
    if (isLooking) return;
    isLooking = true;
    counting = look().finally(() => {
      isLooking = false;
    });
  }, EVERY_MS);
  timer.unref();
  return {
    count: () => (isSettling() ? Math.max(count, WHILE_SETTLING) : count),
    mayBeFewer: isSettling,
    async stop() {
      clearInterval(timer);
      await counting;
      await removeBot(catalog, owner);
    },
  };
}
