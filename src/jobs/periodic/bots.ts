import { removeBot, reportBot } from '../../catalog/alerts/bots.ts';
import type { Catalog } from '../../catalog/db/open.ts';
import { errorCode } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** As often as a bot looks for what others have added. */
const EVERY_MS = 2_000;
/**
 * Bots are often started together, and each is the first to be counted once. Until the others have had the time to show
 * themselves, a bot takes no more than it would among so many.
 */
const SETTLING_MS = 5_000;
const WHILE_SETTLING = 10;

export interface Bots {
  /** How many bots share this catalog, this one included, as far as is known. */
  count(): number;
  /** Whether the bot has just started, so that it may soon turn out that there are fewer. */
  mayBeFewer(): boolean;
  stop(): Promise<void>;
}

/**
 * Counts the bots that share the catalog, again and again: what Slack allows the app, it allows all of them together.
 * While the database does not answer, the last count holds.
 */
export async function countBots(o: { catalog: Catalog; owner: string; log: Log }): Promise<Bots> {
  const { catalog, owner, log } = o;
  let count = await reportBot(catalog, owner);
  const settledAt = performance.now() + SETTLING_MS;
  const isSettling = () => catalog.kind === 'postgres' && performance.now() < settledAt;
  let counting: Promise<void> = Promise.resolve();
  const look = async () => {
    try {
      const found = await reportBot(catalog, owner);
      if (found !== count) log.info({ bots: found }, 'bots share this catalog, and what Slack allows');
      count = found;
    } catch (error) {
      log.warn({ code: errorCode(error) }, 'cannot count the bots');
    }
  };
  const timer = setInterval(() => {
    counting = counting.then(look);
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
