import type { SlackOptions } from '../../sandbox/slack/server.ts';
import type { PostgresServer } from '../helpers/postgres.ts';
import type { TestVault } from '../helpers/vault.ts';
import type { CatalogView } from './catalog-view.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';

/** `short` is for CI, `full` for `npm run faults`. */
export type Scale = 'short' | 'full';

/** What a scenario works with. The vault has Slack and S3, and no bot yet. */
export interface Stage {
  vault: TestVault;
  ledger: Ledger;
  catalog: CatalogView;
  random: Random;
  scale: Scale;
  /** Only if the scenario asked for it. */
  postgres: PostgresServer | undefined;
  /** One of two values, by scale. */
  of<T>(short: T, full: T): T;
  /** Runs after the judgement, last one first, whatever happened. */
  after(clean: () => unknown): void;
}

/** One fault, or one family of faults, that the vault must survive. */
export interface Scenario {
  /** As in `--only`: a few words. */
  name: string;
  /** What is done, for the line that `npm run faults` prints. */
  does: string;
  database?: 'sqlite' | 'postgres';
  mode?: 'socket' | 'http';
  slack?: Partial<SlackOptions>;
  env?: Record<string, string>;
  /** Left out of CI: too long. */
  fullOnly?: true;
  /** Why it cannot run on this machine, if it cannot. */
  missing?(): string | undefined;
  /**
   * Plays it. At the end every fault is gone and at least one bot runs; then it is judged. Throws when something
   * other than the files went wrong.
   */
  run(stage: Stage): Promise<void>;
}
