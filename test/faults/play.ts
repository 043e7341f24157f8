import { startPostgres } from '../helpers/postgres.ts';
import { startVault } from '../helpers/vault.ts';
import { postgresView, sqliteView } from './catalog-view.ts';
import { judge, type Verdict } from './judge.ts';
import { createLedger } from './ledger.ts';
import { createRandom } from './random.ts';
import type { Scale, Scenario } from './scenario.ts';

/** How long a vault may take to heal once every fault is gone: back-off and leases have run out by then. */
const PATIENCE_MS = { short: 200_000, full: 240_000 };

/** Slack's own pace of repeats is minutes; everything else about them stays. */
const RETRY_DELAYS_MS = [100, 1_000, 3_000, 6_000, 12_000, 24_000];

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
      ...{ vault, ledger, catalog, scale, postgres },
      random: createRandom(seed, scenario.name),
      of: (short, full) => (scale === 'short' ? short : full),
      after: (clean) => void cleaning.push(clean),
    });
    return await judge({ ledger, vault, catalog }, PATIENCE_MS[scale]);
  } finally {
    for (const clean of cleaning.reverse()) await clean();
  }
}
