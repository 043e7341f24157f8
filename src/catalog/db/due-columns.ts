import type { Generated } from 'kysely';

/**
 * Columns of a row that is work to do. `dueAt` is null when there is nothing to do. Claiming a row writes the
 * claimer's name into `leaseOwner` and the end of the lease into `dueAt`: when a lease runs out, the row is due
 * again, and one index serves both.
 */
export interface DueColumns {
  id: Generated<number>;
  dueAt: number | null;
  leaseOwner: string | null;
  attempts: Generated<number>;
}
