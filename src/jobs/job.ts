import type { Claim, Work } from '../catalog/queue/due.ts';
import type { Config } from '../config.ts';
import type { Vault } from '../vault/context.ts';
import type { WorkOn } from './worker.ts';

/** One kind of work that the vault does by itself, on due rows. Each job has a file; `registry.ts` lists them. */
export interface Job<Row> extends WorkOn<Row> {
  /** The name of its rows in the catalog's list of all work; null where nobody leases them. */
  rows: Work | null;
  /** Work that is left when all jobs have stopped; takes at most `ms`. */
  finish?(ms: number): Promise<void>;
}

/** What a job is made from. */
export interface JobContext {
  vault: Vault;
  config: Pick<
    Config,
    'captureConcurrency' | 'journalSeconds' | 'sweepMinutes' | 'auditLog' | 'slack' | 'data' | 'reading'
  >;
  /** The name of this process; it is written into the rows that it works on. */
  owner: string;
  /** How this process claims due rows. They are its own for a minute, or for `leaseMs`. */
  due(limit: number, leaseMs?: number): Claim;
}

/** Only these jobs have work after a capture. All others would look a hundred times a second and find nothing. */
export const AFTER_CAPTURE = ['confirm', 'home', 'journal', 'object hold', 'scan', 'read'] as const;

/** How long a claim lasts, unless a job says otherwise. */
export const LEASE_MS = 60_000;
