import type { Claim, Work } from '../catalog/queue/due.ts';
import type { Config } from '../config.ts';
import type { Vault } from '../vault/context.ts';
import type { WorkOn } from './worker.ts';

/** One kind of work that the vault does by itself, on rows that fall due. One file a job; `registry.ts` lists them. */
export interface Job<Row> extends WorkOn<Row> {
  /** Its rows, by their name in the catalog's list of all work. */
  rows: Work;
  /** What is left to do when all jobs have stopped, for at most `ms`. */
  finish?(ms: number): Promise<void>;
}

/** What a job is made from. */
export interface JobContext {
  vault: Vault;
  config: Pick<Config, 'captureConcurrency' | 'journalSeconds' | 'sweepMinutes' | 'slack'>;
  /** The name of this process, which stands in the rows that it works on. */
  owner: string;
  /** How this process asks for due rows now. They are its own for a minute, or for `leaseMs`. */
  due(limit: number, leaseMs?: number): Claim;
}

/** A claim lasts so long, unless a job says otherwise. */
export const LEASE_MS = 60_000;
