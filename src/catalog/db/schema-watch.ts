import type { Generated } from 'kysely';
import type { DueColumns } from './due-columns.ts';

/** Work that the vault does for itself now and then, one process at a time; see periodic-jobs.ts. */
export interface PeriodicJobTable extends DueColumns {
  name: string;
  /** JSON: what the periodic job remembers from one time to the next. */
  memo: string;
}

/** Something that is wrong and that an admin can mend; see alerts.ts. */
export interface AlertTable {
  id: Generated<number>;
  teamId: string;
  topic: string;
  /** JSON: the alert itself. */
  detail: string;
  raisedAt: number;
  clearedAt: number | null;
  /** Which message to the admins told of it; null while none has. */
  round: number | null;
}
