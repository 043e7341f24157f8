import type { PeriodicJob, PeriodicJobName } from '../../catalog/alerts/periodic-jobs.ts';
import type { Vault } from '../../vault/context.ts';

/** One thing that comes round by the clock, done by one process at a time. `index.ts` lists them. */
export interface PeriodicWork {
  /** Its row's name in the catalog. */
  name: PeriodicJobName;
  /** Makes sure at each start that its row is there, and says when it is due first. */
  setUp(vault: Vault): Promise<void>;
  /** Does it once, or a part of it, and says when it is due again. */
  work(vault: Vault, owner: string, row: PeriodicJob, signal: AbortSignal): Promise<void>;
}
