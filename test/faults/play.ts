import { startPostgres } from '../helpers/postgres.ts';
import { startVault, type TestVault, until } from '../helpers/vault.ts';
import { type CatalogView, postgresView, sqliteView } from './catalog-view.ts';
import { judge, type Verdict } from './judge.ts';
import { createLedger } from './ledger.ts';
import { createRandom } from './random.ts';
import type { Scale, Scenario } from './scenario.ts';

/** How long nothing may change before a vault counts as stuck: the longest lease, of a sweep, lasts five minutes. */
const PATIENCE_MS = { short: 120_000, full: 330_000 };

/** Slack repeats at once, after one minute and after five more. Here it gives up as late, but repeats more often. */
const RETRY_DELAYS_MS = [100, 1_000, 3_000, 6_000, 12_000, 24_000, 48_000, 96_000, 180_000];

/** Sets one scenario up, runs it and judges it. The same seed gives the same run, up to the machine's own timing. */
export async function play(scenario: Scenario, seed: number, scale: Scale): Promise<Verdict> {
  const cleaning: Array<() => unknown> = [];
  try {
    const postgres = scenario.database === 'postgres' ? await startPostgres() : undefined;
    if (postgres) cleaning.push(postgres.close);
    const databaseUrl = await postgres?.createDatabase();
    const vault = await startVault({
      ...(scenario.mode && { mode: scenario.mode }),
      slack: { retryDelaysMs: RETRY_DELAYS_MS, ...scenario.slack },
      env: { ...(databaseUrl && { DATABASE_URL: databaseUrl }), ...scenario.env },
    });
    cleaning.push(vault.close);
    const ledger = createLedger(vault.slack);
    const catalog = databaseUrl ? postgresView(databaseUrl) : sqliteView(vault.dataDir);
    await scenario.run({
      ...{ vault: startingInPeace(vault, catalog), ledger, catalog, scale, postgres },
      random: createRandom(seed, scenario.name),
      of: (short, full) => (scale === 'short' ? short : full),
      after: (clean) => void cleaning.push(clean),
    });
    return await judge({ ledger, vault, catalog }, PATIENCE_MS[scale]);
  } finally {
    for (const clean of cleaning.reverse()) await clean();
  }
}

/** The seed's channels that the bot is in: general, design and finance. */
const CHANNELS = 3;

/**
 * Files shared before the bot knew that it is in a channel are old, and the vault keeps them without a word. So a
 * start waits until the bot knows its channels, and everything shared afterwards must be confirmed.
 */
function startingInPeace(vault: TestVault, catalog: CatalogView): TestVault {
  return {
    ...vault,
    async startBot(env) {
      const bot = await vault.startBot(env);
      await until(
        'the bot to know its channels',
        async () => (await catalog.channelsMet()) >= CHANNELS,
        60_000,
      );
      return bot;
    },
  };
}
