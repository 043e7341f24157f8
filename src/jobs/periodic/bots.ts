import { removeBot, reportBot, scanModes } from '../../catalog/alerts/bots.ts';
import { CatalogError } from '../../catalog/db/errors.ts';
import type { Catalog } from '../../catalog/db/open.ts';
import type { ScanMode } from '../../catalog/scan/model.ts';
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
  /** What the other bots do about malware, each way once. */
  scanModes(): readonly ScanMode[];
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
  /** What this bot does about malware. */
  scanMode: ScanMode;
  onOutdated?(error: CatalogError): void;
}): Promise<Bots> {
  const { catalog, owner, log, scanMode } = o;
  let count = await reportBot(catalog, owner, scanMode);
  let modes: ScanMode[] = [];
  const hearModes = async () => {
    const found = await scanModes(catalog, owner);
    const differ = (others: readonly ScanMode[]) => others.some((mode) => mode !== scanMode);
    if (found.join() !== modes.join() && (differ(found) || differ(modes)))
      tellModes(log, { here: scanMode, others: found }, differ(found));
    modes = found;
  };
  await hearModes();
  const settledAt = performance.now() + SETTLING_MS;
  const isSettling = () => catalog.kind === 'postgres' && performance.now() < settledAt;
  let counting: Promise<void> = Promise.resolve();
  let isAway = false;
  const look = async () => {
    try {
      const found = await reportBot(catalog, owner, scanMode);
      await hearModes();
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
    scanModes: () => modes,
    async stop() {
      clearInterval(timer);
      await counting;
      await removeBot(catalog, owner);
    },
  };
}

function tellModes(log: Log, about: { here: ScanMode; others: readonly ScanMode[] }, differ: boolean): void {
  if (differ)
    log.warn(
      { code: 'scan_differs', ...about },
      'bots of this catalog have different VAULT_SCAN or VAULT_SCAN_UNSCANNED; the strictest counts for all',
    );
  else log.info(about, 'the bots of this catalog have the same VAULT_SCAN again');
}
