import type { PeriodicJob, PeriodicJobName } from '../../catalog/alerts/periodic-jobs.ts';
import type { Vault } from '../../vault/context.ts';

/** One kind of work that comes round by the clock; one process at a time does it. `index.ts` lists them. */
export interface PeriodicWork {
  /** The name of its row in the catalog. */
  name: PeriodicJobName;
  /** Makes sure at each start that its row exists, and says when it is first due. */
  setUp(vault: Vault): Promise<void>;
  /** Does it once, or a part of it, and says when it is due again. */
  work(vault: Vault, owner: string, row: PeriodicJob, signal: AbortSignal): Promise<void>;
}
